/** The panel's first line: the project, whether money can be spent, what was spent. */
import { component } from "./component";
import { micro, moneyText } from "./money";
import type { PanelStore, Sheet } from "./panel-store";
import { t } from "./strings";

export const Header = component<{ store: PanelStore; onClose?: () => void }>(
  () =>
    ({ store, onClose }) => (
      <header>
        <h2>{store.state.project}</h2>
        <Badge store={store} />
        <span class="grow" />
        <Spent store={store} />
        <span class="tools">
          <SheetButton store={store} sheet="history" text={t().history} />
          <SheetButton store={store} sheet="account" text={t().account} />
          <SheetButton store={store} sheet="shortcuts" text="?" label={t().shortcuts} />
          {onClose && (
            <button type="button" class="quiet" aria-label={t().closePanel} onClick={onClose}>
              ✕
            </button>
          )}
        </span>
      </header>
    ),
);

const Badge = component<{ store: PanelStore }>(() => ({ store }) => {
  const mode = store.live.mode.value;
  return <span class={`badge ${mode}`}>{badgeText(store)}</span>;
});

function badgeText({ live }: PanelStore): string {
  if (live.mode.value === "simulated") return t().simulated;
  return live.keyLastFour.value ? t().live(live.keyLastFour.value) : t().noKey;
}

/** What was spent, and the caps that hold. */
export const Spent = component<{ store: PanelStore }>(() => ({ store }) => {
  const money = store.live.money.value;
  if (!money) return null;
  const dollars = (usd: string) => moneyText(micro(usd));
  const { cap_day_usd: day, cap_project_usd: project, spent_usd, today_usd, reserved_usd } = money;
  const parts = [
    project ? t().spentOf(dollars(spent_usd), dollars(project)) : t().spent(dollars(spent_usd)),
  ];
  if (day) parts.push(t().spentToday(dollars(today_usd), dollars(day)));
  if (micro(reserved_usd) > 0) parts.push(t().reserved(dollars(reserved_usd)));
  if (money.unknown_jobs > 0) parts.push(t().unknownJobs(money.unknown_jobs));
  return <span class="num muted spent">{parts.join(", ")}</span>;
});

interface SheetButtonProps {
  store: PanelStore;
  sheet: Sheet;
  text: string;
  label?: string;
}

const SheetButton = component<SheetButtonProps>(() => ({ store, sheet, text, label }) => (
  <button
    type="button"
    class="quiet"
    aria-haspopup="dialog"
    aria-label={label}
    onClick={() => {
      store.sheet.value = sheet;
    }}
  >
    {text}
  </button>
));

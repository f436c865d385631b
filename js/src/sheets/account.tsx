/** Whether money can be spent, with whose key, and in which language it is said. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { RefusedError } from "../kernel";
import { type Language, rememberLanguage } from "../language";
import type { Problem, RunMode } from "../messages.gen";
import { micro, moneyText } from "../money";
import type { PanelStore } from "../panel-store";
import { ProblemLines } from "../problem";
import { said as inWords, translation } from "../strings";
import { m } from "../strings/more";
import { Dialog } from "./dialog";

interface AccountProps {
  store: PanelStore;
  onClose: () => void;
}

export const AccountSheet = component<AccountProps>(() => {
  const problem = signal<Problem | null>(null);
  const guard = async (what: () => Promise<void>) => {
    problem.value = null;
    try {
      await what();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      problem.value = error.problem;
    }
  };
  return ({ store, onClose }) => (
    <Dialog title={m().account} onClose={onClose}>
      <ModeChoice store={store} guard={guard} />
      <KeyForm store={store} guard={guard} />
      <Caps store={store} />
      <LanguageChoice store={store} />
      <div role="alert">{problem.value && <ProblemLines problem={problem.value} />}</div>
    </Dialog>
  );
});

interface PartProps {
  store: PanelStore;
  guard: (what: () => Promise<void>) => Promise<void>;
}

const MODES: RunMode[] = ["simulated", "live"];

const ModeChoice = component<PartProps>(() => ({ store, guard }) => {
  const change = (mode: RunMode) =>
    guard(async () => {
      let confirmed = false;
      for (;;) {
        const reply = await store.kernel.command<"set_mode">({ kind: "set_mode", mode, confirmed });
        if (reply.kind === "snapshot") {
          store.live.reset(reply.state);
          store.pricing.again();
          return;
        }
        if ((await store.ask(reply)) !== "yes") return;
        confirmed = true;
      }
    });
  return (
    <fieldset class="modes">
      <legend>{m().modeTitle}</legend>
      {MODES.map((mode) => (
        <label key={mode} class="check">
          <input
            type="radio"
            name="run-mode"
            checked={store.live.mode.value === mode}
            onClick={(event) => {
              // It is ticked when the kernel says so, not before.
              event.preventDefault();
              void change(mode);
            }}
          />
          <span>
            <b>{m().modes[mode]}</b> <span class="muted">{m().modeHints[mode]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
});

const KeyForm = component<PartProps>(() => {
  const said = signal("");
  const send = (store: PanelStore, form: HTMLFormElement) => {
    const input = form.elements.namedItem("key") as HTMLInputElement;
    const remember = (form.elements.namedItem("remember") as HTMLInputElement).checked;
    const key = input.value.trim();
    input.value = "";
    return async () => {
      const { last_four, kept } = await store.kernel.command<"set_key">({
        kind: "set_key",
        key,
        remember,
      });
      store.live.keyLastFour.value = last_four;
      store.live.keyKept.value = kept;
      said.value = m().keyTaken(last_four);
    };
  };
  return ({ store, guard }) => {
    const { keyLastFour, keyKept } = store.live;
    return (
      <form
        class="part key"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          said.value = "";
          void guard(send(store, event.currentTarget));
        }}
      >
        <label for="fal-key">
          <h3>{m().keyTitle}</h3>
        </label>
        <p class="muted">
          {keyLastFour.value
            ? m().keyInUse(keyLastFour.value, inWords(keyKept.value))
            : m().keyNone}
        </p>
        <div class="row">
          <input
            id="fal-key"
            name="key"
            type="password"
            class="grow"
            autocomplete="off"
            spellcheck={false}
            required
            placeholder={m().keyPlaceholder}
          />
          <button type="submit">{m().keyUse}</button>
        </div>
        <label class="check">
          <input name="remember" type="checkbox" />
          {m().keyRemember}
        </label>
        <p role="status">{said.value}</p>
      </form>
    );
  };
});

const Caps = component<{ store: PanelStore }>(() => ({ store }) => {
  const money = store.live.money.value;
  if (!money) return null;
  const dollars = (usd?: string) => (usd === undefined ? m().noCap : moneyText(micro(usd)));
  const lines: [string, string][] = [
    [m().spentProject, dollars(money.spent_usd)],
    [m().spentToday, dollars(money.today_usd)],
    [m().reservedNow, dollars(money.reserved_usd)],
    [m().capDay, dollars(money.cap_day_usd)],
    [m().capProject, dollars(money.cap_project_usd)],
    [m().askAbove, dollars(money.ask_above_usd)],
  ];
  return (
    <div class="part">
      <h3>{m().moneyTitle}</h3>
      <dl class="keys num">
        {lines.map(([name, value]) => (
          <div key={name} class="pair">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">{m().capsHint}</p>
    </div>
  );
});

const LanguageChoice = component<{ store: PanelStore }>(() => ({ store }) => {
  const speak = (language: Language) => {
    rememberLanguage(language);
    void store.extras.speak(language);
  };
  return (
    <label class="row">
      {m().language}
      <select
        class="narrow"
        value={translation.value ? "zh" : "en"}
        onChange={(event) => speak(event.currentTarget.value as Language)}
      >
        <option value="en">English</option>
        <option value="zh" lang="zh-Hans">
          简体中文
        </option>
      </select>
    </label>
  );
});

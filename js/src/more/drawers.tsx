/** What only single models have: a drawer each, whose inside is fetched. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { type Form, valueText } from "../form";
import type { ModelRow } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { said, t } from "../strings";
import { DrawerBody, ownParameters, parameterName, problemOf } from "./drawer-body";

export const Drawers = component<{ store: PanelStore }>(() => ({ store }) => (
  <>
    {store.form.selected.value.map((row) => (
      <Drawer key={row.id} row={row} store={store} />
    ))}
  </>
));

const Drawer = component<{ row: ModelRow; store: PanelStore }>(() => {
  const open = signal(false);
  return ({ row, store }) => {
    const changes = store.pricing.offers.value.get(row.id)?.will_send ?? [];
    const notes = changes.map((change) => {
      const name = t().settingNames[change.name] ?? change.name;
      return `${name}: ${valueText(change.sent)} (${said(change.why)})`;
    });
    const own = ownParameters(row);
    if (own.length === 0 && row.notes.length === 0) return null;
    // What is wrong is never hidden.
    const shown = open.value || own.some(({ name }) => problemOf(row, store, name));
    return (
      <details
        class="fold drawer"
        data-drawer={row.id}
        open={shown}
        onToggle={(event) => {
          open.value = event.currentTarget.open;
        }}
      >
        <summary>
          {row.name}
          <span class="muted" title={notes.join("\n")}>
            {[summaryOf(store.form, row), ...notes].join("; ")}
          </span>
        </summary>
        {shown && <DrawerBody row={row} store={store} />}
      </details>
    );
  };
});

/** What differs from the model's defaults. */
function summaryOf(form: Form, row: ModelRow): string {
  const own = Object.entries(form.overrides.value[row.id] ?? {});
  if (own.length === 0) return t().itsDefaults;
  return own.map(([name, value]) => `${parameterName(name)} ${valueText(value)}`).join(", ");
}

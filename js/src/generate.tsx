/** The bottom line: what it costs, and the button. */
import { signal } from "@preact/signals-core";
import { component } from "./component";
import { Fetched } from "./fetched";
import type { PanelStore } from "./panel-store";
import { paying } from "./paying";
import { said, t } from "./strings";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);

export const GenerateBar = component<{ store: PanelStore; onGenerate: () => void }>(
  () =>
    ({ store, onGenerate }) => {
      const selected = store.form.selected.value;
      const reason = store.reason.value;
      const total = store.pricing.total.value;
      const start = store.start.value;
      const label = start
        ? t()[start]
        : selected.length === 0
          ? t().generateNone
          : t().generate(selected.length, said(total.text));
      return (
        <div class="part generate">
          {selected.length > 0 && (
            <Fetched extras={store.extras} show={({ Bill }) => <Bill store={store} />} />
          )}
          <div class="row">
            <button
              type="button"
              class="accent num grow"
              data-field="generate"
              aria-disabled={reason !== null || start !== ""}
              aria-describedby="reason"
              aria-keyshortcuts="Control+Enter Meta+Enter"
              {...paying(onGenerate)}
            >
              {label}
            </button>
            <kbd class="muted">{mac ? "⌘ Enter" : t().shortcut}</kbd>
          </div>
          <p id="reason" class="muted reason">
            {reason && said(reason.text)}
          </p>
          <p class="sr-only" role="status">
            {start && label}
          </p>
        </div>
      );
    },
);

/** What goes over the wire, and the cell that does the same. */
export const Behind = component<{ store: PanelStore }>(() => {
  const open = signal(false);
  return ({ store }) => {
    if (store.form.selected.value.length === 0) return null;
    return (
      <details
        class="fold behind"
        onToggle={(event) => {
          open.value = event.currentTarget.open;
        }}
      >
        <summary>{t().behind}</summary>
        {open.value && (
          <Fetched
            extras={store.extras}
            show={({ RequestAndCode }) => <RequestAndCode store={store} />}
          />
        )}
      </details>
    );
  };
});

/** The bottom line: what it costs, and the button. */

import { signal } from "@preact/signals-core";
import { component } from "./component";
import { moneyText } from "./money";
import { lengthOf } from "./options";
import { asPython, type PanelStore } from "./panel-store";
import * as strings from "./strings";

export const GenerateBar = component<{ store: PanelStore; onGenerate: () => void }>(
  () =>
    ({ store, onGenerate }) => {
      const selected = store.selected.value;
      const reason = store.reason.value;
      const total = store.total.value;
      const label = store.starting.value
        ? strings.generating
        : selected.length === 0
          ? strings.generateNone
          : strings.generate(selected.length, total.text);
      return (
        <div class="generate">
          {selected.length > 1 && (
            <details class="bill">
              <summary>
                {strings.modelCount(selected.length)}
                <span class="num price">
                  {strings.total} {total.text}
                </span>
              </summary>
              <ul>
                {selected.map((row) => (
                  <li key={row.id}>
                    <span>{row.name}</span>
                    <span class="num price">{store.offers.value.get(row.id)?.quote.text}</span>
                  </li>
                ))}
              </ul>
            </details>
          )}
          <div class="row">
            <button
              type="button"
              class="accent num grow"
              data-field="generate"
              aria-disabled={reason !== null || store.starting.value}
              aria-describedby="reason"
              onClick={onGenerate}
            >
              {label}
            </button>
            <kbd class="muted">{strings.shortcut}</kbd>
          </div>
          <p id="reason" class="muted reason">
            {reason?.text}
          </p>
        </div>
      );
    },
);

/** What goes over the wire, and the cell that does the same. */
export const Behind = component<{ store: PanelStore }>(() => {
  const copied = signal("");
  return ({ store }) => {
    const bodies = store.selected.value.map((row) => {
      const body = store.offers.value.get(row.id)?.body ?? {};
      return {
        id: row.id,
        body: "prompt" in body ? { ...body, prompt: store.prompt.value } : body,
      };
    });
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(asPython(store.wish.value));
        copied.value = strings.copied;
      } catch {
        copied.value = strings.copyFailed; // no clipboard in this frame: the text is shown below
      }
    };
    if (bodies.length === 0 || lengthOf(store.prompt.value) === 0) return null;
    return (
      <details class="behind">
        <summary>{strings.exactRequest}</summary>
        {bodies.map(({ id, body }) => (
          <pre key={id}>{`${id} ${JSON.stringify(body, null, 2)}`}</pre>
        ))}
        <pre>{asPython(store.wish.value)}</pre>
        <div class="row">
          <button type="button" onClick={copy}>
            {strings.copyPython}
          </button>
          <span role="status" class="muted">
            {copied.value}
          </span>
        </div>
      </details>
    );
  };
});

export const spentText = (usd: number) => strings.spent(moneyText(usd));

/** What each ticked model adds to the total. */
import { component } from "../component";
import type { PanelStore } from "../panel-store";
import { said, t } from "../strings";

export const Bill = component<{ store: PanelStore }>(() => ({ store }) => {
  const selected = store.form.selected.value;
  return (
    <details class="bill">
      <summary>
        {t().modelCount(selected.length)}
        <span class="num price">
          {t().total} {said(store.pricing.total.value.text)}
        </span>
      </summary>
      <ul>
        {selected.map((row) => {
          const quote = store.pricing.offers.value.get(row.id)?.quote;
          return (
            <li key={row.id}>
              <span>{row.name}</span>
              <span class="num price" title={quote && said(quote.detail)}>
                {quote && said(quote.text)}
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
});

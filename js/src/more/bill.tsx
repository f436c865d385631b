/** What each ticked model adds to the total, and by whose price. */
import { component } from "../component";
import type { PanelStore } from "../panel-store";
import { said, t } from "../strings";

export const Bill = component<{ store: PanelStore }>(() => ({ store }) => {
  const selected = store.form.selected.value;
  return (
    <details class="bill">
      <summary>
        <span class="names">
          {selected.length > 1 && `${t().modelCount(selected.length)}: `}
          {selected.map((row) => row.name).join(", ")}
        </span>
        <span class="num price">
          {t().total} {said(store.pricing.total.value.text)}
        </span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key */}
      <ul tabIndex={0} aria-label={t().total}>
        {selected.map((row) => {
          const quote = store.pricing.offers.value.get(row.id)?.quote;
          return (
            <li key={row.id}>
              <span>
                {row.name}
                <span class="muted">
                  {quote && said(quote.detail)}
                  <br />
                  {t().ourPrice(said(row.price_source), row.price_checked_on)}
                  <br />
                  {t().listed(said(row.list_price))}
                </span>
              </span>
              <span class="num price">{quote && said(quote.text)}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
});

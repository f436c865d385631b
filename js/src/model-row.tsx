/** One model of the list: what it would make of the form, and what that costs. */
import { component } from "./component";
import { anInput, valueText } from "./form";
import type { ModelRow, Offer } from "./messages.gen";
import { effective, hasSound } from "./options";
import type { PanelStore } from "./panel-store";
import { usualText } from "./ranges";
import { said, t } from "./strings";

export const ModelEntry = component<{ row: ModelRow; store: PanelStore }>(
  () =>
    ({ row, store }) => {
      const { form, pricing } = store;
      const offer = pricing.offers.value.get(row.id);
      const ticked = form.selected.value.includes(row);
      const lacking = form.lacks(row);
      const refused = row.life_cycle === "retired" && store.live.mode.value === "live";
      const favourite = form.favourites.value.includes(row.id);
      const [duration, resolution] = bentFacts(row, store, offer);
      const sound =
        row.sound === "setting"
          ? effective(row, "audio", form.settings.value.audio, offer)
          : hasSound(row);
      return (
        <div class={`model ${ticked ? "ticked" : ""}`} data-model={row.id}>
          <label>
            <input
              type="checkbox"
              checked={ticked}
              disabled={!ticked && (lacking !== undefined || refused)}
              aria-describedby={`note-${row.id}`}
              onChange={(event) => form.tick(row.id, event.currentTarget.checked)}
            />
            <span class="model-name" title={usualText(row)}>
              {row.name}
            </span>
            <span class="fact num">{duration}</span>
            <span class="fact num">{resolution}</span>
            <span class="fact">{sound ? <Note /> : null}</span>
            <span class="price num" title={priceHint(row, offer)}>
              {offer ? said(offer.quote.text) : t().unpriced}
            </span>
          </label>
          <button
            type="button"
            class={`quiet star ${favourite ? "on" : ""}`}
            aria-pressed={favourite}
            aria-label={t().favourite(row.name)}
            title={t().favourite(row.name)}
            onClick={() => form.favour(row.id, !favourite)}
          >
            {favourite ? "★" : "☆"}
          </button>
          <div id={`note-${row.id}`} class="notes">
            {rowNotes(row, offer, lacking, ticked).map((note) => (
              <p key={note}>{note}</p>
            ))}
            {row.life_cycle === "retired" && <Replacement row={row} store={store} />}
          </div>
        </div>
      );
    },
);

const Note = () => (
  <span role="img" aria-label={t().withSound} title={t().withSound}>
    ♪
  </span>
);

const Replacement = component<{ row: ModelRow; store: PanelStore }>(() => ({ row, store }) => {
  const { replacement, replacement_name } = row;
  if (!replacement || !replacement_name) return null;
  return (
    <button type="button" class="link" onClick={() => store.useInstead(row.id, replacement)}>
      {t().useInstead(said(replacement_name))}
    </button>
  );
});

/** "5>6 s" and "720p": what this model will make of the shared settings. */
function bentFacts(row: ModelRow, store: PanelStore, offer: Offer | undefined): string[] {
  const asked = store.form.settings.value;
  return (["duration_s", "resolution"] as const).map((name) => {
    const gets = effective(row, name, asked[name], offer);
    if (gets === undefined) return "";
    const bent = asked[name] !== undefined && asked[name] !== gets ? `${asked[name]}>` : "";
    return `${bent}${gets}${name === "duration_s" ? " s" : ""}`;
  });
}

/** What is sent instead of what was asked, and what the life of the model means. */
function rowNotes(
  row: ModelRow,
  offer: Offer | undefined,
  lacking: string | undefined,
  ticked: boolean,
): string[] {
  if (lacking) return [t().needs(anInput(lacking))];
  // An unticked row shows "5>6 s" already; the reason comes when it is ticked.
  const changes = (offer?.will_send ?? []).filter(
    ({ name }) => ticked || (name !== "duration_s" && name !== "resolution"),
  );
  const notes = changes.map((change) => {
    const name = t().settingNames[change.name] ?? change.name;
    const unit = change.name === "duration_s" ? " s" : "";
    return `${name}: ${valueText(change.sent)}${unit} (${said(change.why)})`;
  });
  if (row.life_cycle === "retiring")
    notes.push(t().retiringSince(row.replacement_name && said(row.replacement_name)));
  if (row.life_cycle === "retired") notes.push(t().retiredSince(row.retired_on));
  return notes;
}

function priceHint(row: ModelRow, offer: Offer | undefined): string {
  const { price_source, price_checked_on, list_price } = row;
  return [
    offer && said(offer.quote.detail),
    t().ourPrice(said(price_source), price_checked_on),
    t().listed(said(list_price)),
  ]
    .filter(Boolean)
    .join("\n");
}

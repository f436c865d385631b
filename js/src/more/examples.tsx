/** What to do first, where nothing was done yet. */
import { component } from "../component";
import { priceOf } from "../model-filter";
import type { PanelStore } from "../panel-store";
import { m } from "../strings/more";

export const Examples = component<{ store: PanelStore }>(() => ({ store }) => {
  const { form, live, pricing } = store;
  if (live.clips.value.length > 0 || live.jobs.value.length > 0) return null;
  if (form.mode.value !== "text") return null;
  const take = (prompt: string, two: boolean) => {
    form.prompt.value = prompt;
    if (!two && form.selected.value.length > 0) return;
    const cheap = form.rows.value
      .filter((row) => row.life_cycle === "active" && !form.lacks(row))
      .sort((a, b) => priceOf(pricing, a.id) - priceOf(pricing, b.id));
    const first = cheap[0];
    const other = cheap.find((row) => row.provider !== first?.provider);
    if (first) form.tick(first.id, true);
    if (two && other) form.tick(other.id, true);
  };
  return (
    <section class="part examples">
      <h3>{m().emptyTitle}</h3>
      <ul>
        {m().examples.map(({ prompt, two }) => (
          <li key={prompt}>
            <button type="button" onClick={() => take(prompt, two)}>
              {prompt}
              {two && <span class="muted"> {m().withTwoModels}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
});

/** The list of models: search, filters, order; retired ones are folded away. */
import { signal } from "@preact/signals-core";
import { component } from "./component";
import { Fetched } from "./fetched";
import type { Sort } from "./form";
import { listed, ModelSearch } from "./model-filter";
import { ModelEntry } from "./model-row";
import type { PanelStore } from "./panel-store";
import { t } from "./strings";

export const Models = component<{ store: PanelStore }>(() => {
  const search = new ModelSearch();
  return ({ store }) => {
    const shown = listed(store.form, store.pricing, search);
    const current = shown.filter((row) => row.life_cycle !== "retired");
    const retired = shown.filter((row) => row.life_cycle === "retired");
    const hidden = store.form.selected.value.filter((row) => !shown.includes(row)).length;
    const clear = () => search.clear();
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere
      <div class="part models" role="group" aria-labelledby="models-title" onKeyDown={moveByArrow}>
        <div class="head">
          <h3 id="models-title">{t().models}</h3>
          <input
            type="search"
            data-field="search"
            aria-label={t().search}
            aria-keyshortcuts="/"
            placeholder={t().searchPlaceholder}
            value={search.words.value}
            onInput={(event) => {
              search.words.value = event.currentTarget.value;
            }}
          />
          <SortChoice store={store} />
          <FilterMenu store={store} search={search} />
        </div>
        <div class="list" data-field="models" tabIndex={-1}>
          {current.map((row) => (
            <ModelEntry key={row.id} row={row} store={store} />
          ))}
          {shown.length === 0 && (
            <p class="none">
              {t().noMatch}{" "}
              <button type="button" class="link" onClick={clear}>
                {t().clearFilters}
              </button>
            </p>
          )}
          {retired.length > 0 && (
            <details class="retired" open={current.length === 0}>
              <summary>{t().retired(retired.length)}</summary>
              {retired.map((row) => (
                <ModelEntry key={row.id} row={row} store={store} />
              ))}
            </details>
          )}
        </div>
        {hidden > 0 && (
          <p class="muted">
            {t().hidden(hidden)}{" "}
            <button type="button" class="link" onClick={clear}>
              {t().clearFilters}
            </button>
          </p>
        )}
      </div>
    );
  };
});

const SortChoice = component<{ store: PanelStore }>(() => ({ store }) => (
  <select
    class="sort"
    aria-label={t().sortBy}
    value={store.form.sort.value}
    onChange={(event) => {
      store.form.sort.value = event.currentTarget.value as Sort;
    }}
  >
    <option value="">{t().sortNone}</option>
    <option value="price">{t().sortPrice}</option>
    <option value="time">{t().sortTime}</option>
  </select>
));

const FilterMenu = component<{ store: PanelStore; search: ModelSearch }>(() => {
  const open = signal(false);
  return ({ store, search }) => (
    <details
      class="menu"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{search.on > 0 ? t().filtersOn(search.on) : t().filters}</summary>
      <div class="menu-body">
        {open.value && (
          <Fetched
            extras={store.extras}
            show={({ FilterFields }) => <FilterFields store={store} search={search} />}
          />
        )}
      </div>
    </details>
  );
});

function moveByArrow(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const boxes = [
    ...event.currentTarget.querySelectorAll<HTMLInputElement>("input[type=checkbox]:enabled"),
  ].filter((box) => box.offsetParent !== null);
  const from = event.target as HTMLInputElement;
  const at = boxes.indexOf(from);
  const next = boxes[at + step];
  if (!next || (at < 0 && from.type !== "search")) return;
  event.preventDefault();
  next.focus();
}

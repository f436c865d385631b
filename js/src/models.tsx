/** The list of models: what each costs and what it would send. */

import { type Signal, signal } from "@preact/signals-core";
import { component } from "./component";
import type { ModelRow, Offer } from "./messages.gen";
import { micro } from "./money";
import { effective, hasSound } from "./options";
import type { PanelStore } from "./panel-store";
import { Select } from "./select";
import * as strings from "./strings";

interface Filters {
  provider: string;
  maxUsd: string;
  resolution: string;
  sound: string;
  lifeCycle: string;
}

const ALL: Filters = { provider: "", maxUsd: "", resolution: "", sound: "", lifeCycle: "" };
const PRICE_STEPS = ["0.25", "0.50", "1.00", "2.00", "5.00"];

export const Models = component<{ store: PanelStore }>(() => {
  const search = signal("");
  const filters = signal<Filters>(ALL);
  return ({ store }) => {
    const rows = store.rows.value;
    const shown = rows.filter((row) => matches(store, row, search.value, filters.value));
    const current = shown.filter((row) => row.life_cycle !== "retired");
    const retired = shown.filter((row) => row.life_cycle === "retired");
    const hidden = store.selected.value.filter((row) => !shown.includes(row)).length;
    const clear = () => {
      search.value = "";
      filters.value = ALL;
    };
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere
      <div class="models" role="group" aria-labelledby="models-title">
        <div class="head">
          <h3 id="models-title">{strings.models}</h3>
          <input
            type="search"
            data-field="search"
            aria-label={strings.search}
            placeholder={strings.search}
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
          <FilterMenu rows={rows} filters={filters} />
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: moves between the checkboxes in it */}
        <div class="list" data-field="models" tabIndex={-1} onKeyDown={moveByArrow}>
          {current.map((row) => (
            <Row key={row.id} row={row} store={store} />
          ))}
          {shown.length === 0 && (
            <p class="none">
              {strings.noMatch}{" "}
              <button type="button" class="link" onClick={clear}>
                {strings.clearFilters}
              </button>
            </p>
          )}
          {retired.length > 0 && (
            <details>
              <summary>{strings.retired(retired.length)}</summary>
              {retired.map((row) => (
                <Row key={row.id} row={row} store={store} />
              ))}
            </details>
          )}
        </div>
        {hidden > 0 && (
          <p class="muted">
            {strings.hidden(hidden)}{" "}
            <button type="button" class="link" onClick={clear}>
              {strings.clearFilters}
            </button>
          </p>
        )}
      </div>
    );
  };
});

const Row = component<{ row: ModelRow; store: PanelStore }>(() => ({ row, store }) => {
  const offer = store.offers.value.get(row.id);
  const ticked = store.selected.value.includes(row);
  const lacking = store.lacks(row);
  const refused = row.life_cycle === "retired" && store.state.mode === "live";
  const { replacement, replacement_name } = row;
  return (
    <div class={`model ${ticked ? "ticked" : ""}`}>
      <label>
        <input
          type="checkbox"
          checked={ticked}
          disabled={!ticked && (lacking !== undefined || refused)}
          onChange={(event) => store.tick(row.id, event.currentTarget.checked)}
        />
        <span class="model-name">{row.name}</span>
        <span class="model-facts num">{lacking ? "" : rowFacts(row, store, offer)}</span>
        <span class="price num" title={priceHint(row, offer)}>
          {offer ? offer.quote.text : strings.unpriced}
        </span>
      </label>
      {rowNotes(row, offer, lacking, ticked).map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      {refused && replacement && replacement_name && (
        <button
          type="button"
          class="link"
          onClick={() => {
            store.tick(row.id, false);
            store.tick(replacement, true);
          }}
        >
          {strings.useInstead(replacement_name)}
        </button>
      )}
    </div>
  );
});

/** "5>6 s  720p  ♪": what this model will make of the shared settings. */
function rowFacts(row: ModelRow, store: PanelStore, offer: Offer | undefined): string {
  const asked = store.settings.value;
  const parts: string[] = [];
  for (const name of ["duration_s", "resolution"] as const) {
    const gets = effective(row, name, asked[name], offer);
    if (gets === undefined) continue;
    const bent = asked[name] !== undefined && asked[name] !== gets ? `${asked[name]}>` : "";
    parts.push(`${bent}${gets}${name === "duration_s" ? " s" : ""}`);
  }
  const sound =
    row.sound === "setting" ? effective(row, "audio", asked.audio, offer) : hasSound(row);
  if (sound) parts.push("♪");
  return parts.join("  ");
}

/** What is sent instead of what was asked, and what the life of the model means. */
function rowNotes(
  row: ModelRow,
  offer: Offer | undefined,
  lacking: string | undefined,
  ticked: boolean,
): string[] {
  if (lacking) return [strings.needs(strings.anInput(lacking))];
  // An unticked row shows "5>6 s" already; the reason comes when it is ticked.
  const changes = (offer?.will_send ?? []).filter(
    ({ name }) => ticked || (name !== "duration_s" && name !== "resolution"),
  );
  const notes = changes.map((change) => {
    const name = strings.settingNames[change.name] ?? change.name;
    const sent = change.sent === undefined ? strings.notSent : textOf(change.sent, change.name);
    return `${name}: ${sent} (${change.why})`;
  });
  if (row.life_cycle === "retiring") notes.push(strings.retiringSince(row.replacement_name));
  if (row.life_cycle === "retired") notes.push(strings.retiredSince(row.retired_on));
  return notes;
}

function textOf(value: string | number | boolean, name: string): string {
  if (typeof value === "boolean") return value ? strings.on : strings.off;
  return name === "duration_s" ? `${value} s` : String(value);
}

function priceHint(row: ModelRow, offer: Offer | undefined): string {
  const { detail = "", source = "", checked_on = "" } = offer?.quote ?? {};
  return [detail, source && `${source}, ${checked_on}`, `listed: ${row.list_price}`]
    .filter(Boolean)
    .join("\n");
}

const FilterMenu = component<{ rows: ModelRow[]; filters: Signal<Filters> }>(
  () =>
    ({ rows, filters }) => {
      const on = Object.values(filters.value).filter(Boolean).length;
      const providers = [...new Set(rows.map((row) => row.provider))].sort();
      const sizes = [
        ...new Set(rows.flatMap((row) => sizesOf(row).filter((size) => size !== "auto"))),
      ].sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
      const choose = (name: keyof Filters, label: string, options: [string, string][]) => (
        <Select
          label={label}
          none={strings.any}
          value={filters.value[name]}
          options={options}
          onChoose={(value) => {
            filters.value = { ...filters.value, [name]: value };
          }}
        />
      );
      return (
        <details class="menu">
          <summary>{on > 0 ? strings.filtersOn(on) : strings.filters}</summary>
          <div class="menu-body">
            {choose(
              "provider",
              strings.provider,
              providers.map((name) => [name, name]),
            )}
            {choose(
              "maxUsd",
              strings.maxPrice,
              PRICE_STEPS.map((usd) => [usd, `$${usd}`]),
            )}
            {choose(
              "resolution",
              strings.resolution,
              sizes.map((size) => [size, size]),
            )}
            {choose("sound", strings.sound, [
              ["with", strings.withSound],
              ["without", strings.withoutSound],
            ])}
            {choose("lifeCycle", strings.lifeCycle, [
              ["active", strings.active],
              ["retiring", strings.retiring],
            ])}
          </div>
        </details>
      );
    },
);

function sizesOf(row: ModelRow): string[] {
  const choices = row.parameters.find((p) => p.name === "resolution")?.choices?.map(String);
  return choices ?? (row.fixed_resolution ? [row.fixed_resolution] : []);
}

function matches(store: PanelStore, row: ModelRow, search: string, filters: Filters): boolean {
  const haystack = [row.name, row.id, row.provider, ...row.use_cases].join(" ").toLowerCase();
  if (
    !search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => haystack.includes(word))
  )
    return false;
  if (filters.provider && row.provider !== filters.provider) return false;
  if (filters.lifeCycle && row.life_cycle !== filters.lifeCycle) return false;
  if (filters.resolution && !sizesOf(row).includes(filters.resolution)) return false;
  if (filters.sound === "with" && !hasSound(row)) return false;
  if (filters.sound === "without" && row.sound !== "never" && row.sound !== "setting") return false;
  if (filters.maxUsd) {
    const high = store.offers.value.get(row.id)?.quote.high_usd;
    if (high === undefined || micro(high) > micro(filters.maxUsd)) return false;
  }
  return true;
}

function moveByArrow(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const boxes = [
    ...event.currentTarget.querySelectorAll<HTMLInputElement>("input[type=checkbox]:enabled"),
  ].filter((box) => box.offsetParent !== null);
  const at = boxes.indexOf(event.target as HTMLInputElement);
  const next = boxes[at + step];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

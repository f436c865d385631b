/** The filters of the model list. */
import { component } from "../component";
import type { ModelRow } from "../messages.gen";
import { type Filters, type ModelSearch, priceOf } from "../model-filter";
import { micro } from "../money";
import { hasSound } from "../options";
import type { PanelStore } from "../panel-store";
import { Select } from "../select";
import { said } from "../strings";
import { m } from "../strings/more";

const PRICE_STEPS = ["0.25", "0.50", "1.00", "2.00", "5.00"];
const unique = (values: string[]) => [...new Set(values)];
const byNumber = (a: string, b: string) => Number.parseFloat(a) - Number.parseFloat(b);

export const FilterFields = component<{ store: PanelStore; search: ModelSearch }>(
  ({ store, search }) => {
    search.fits = (row) => fits(row, search.filters.value, store);
    return ({ store, search }) => {
      const rows = store.form.rows.value;
      const choose = (name: keyof Filters, label: string, options: [string, string][]) =>
        options.length > 0 && (
          <Select
            label={label}
            none={m().any}
            value={search.filters.value[name]}
            options={options}
            onChoose={(value) => search.set(name, value)}
          />
        );
      const same = (values: string[]): [string, string][] => values.map((v) => [v, v]);
      const sizes = unique(rows.flatMap((row) => valuesOf(row, "resolution")));
      const lengths = unique(rows.flatMap((row) => valuesOf(row, "duration_s")));
      return (
        <>
          <div class="fields">
            {choose("provider", m().provider, same(unique(rows.map((r) => r.provider)).sort()))}
            {choose(
              "maxUsd",
              m().maxPrice,
              PRICE_STEPS.map((usd) => [usd, `$${usd}`]),
            )}
            {choose("resolution", m().size, same(sizes.filter((s) => s !== "auto").sort(byNumber)))}
            {choose(
              "duration",
              m().duration,
              lengths.sort(byNumber).map((s) => [s, `${s} s`]),
            )}
            {choose("sound", m().sound, [
              ["with", m().withSound],
              ["without", m().withoutSound],
            ])}
            {choose("seed", m().seed, [["yes", m().takesSeed]])}
            {choose("lifeCycle", m().lifeCycle, [
              ["active", m().active],
              ["retiring", m().retiring],
            ])}
            {choose(
              "useCase",
              m().useCase,
              unique(rows.flatMap((r) => r.use_cases))
                .sort()
                .map((use) => [use, said(use)]),
            )}
            {choose("favourite", m().favourites, [["yes", m().onlyFavourites]])}
          </div>
          <div class="row end">
            <button type="button" disabled={search.on === 0} onClick={() => search.clear()}>
              {m().clear}
            </button>
          </div>
        </>
      );
    };
  },
);

function fits(row: ModelRow, filters: Filters, { form, pricing }: PanelStore): boolean {
  if (filters.provider && row.provider !== filters.provider) return false;
  if (filters.lifeCycle && row.life_cycle !== filters.lifeCycle) return false;
  if (filters.useCase && !row.use_cases.includes(filters.useCase)) return false;
  if (filters.favourite && !form.favourites.value.includes(row.id)) return false;
  if (filters.resolution && !valuesOf(row, "resolution").includes(filters.resolution)) return false;
  if (filters.duration && !valuesOf(row, "duration_s").includes(filters.duration)) return false;
  if (filters.sound === "with" && !hasSound(row)) return false;
  if (filters.sound === "without" && row.sound !== "never" && row.sound !== "setting") return false;
  if (filters.seed && !row.parameters.some((p) => p.name === "seed")) return false;
  if (filters.maxUsd && priceOf(pricing, row.id) > micro(filters.maxUsd)) return false;
  return true;
}

/** The values of a setting that a model can make, as texts. */
function valuesOf(row: ModelRow, name: "resolution" | "duration_s"): string[] {
  const choices = row.parameters.find((p) => p.name === name)?.choices?.map(String);
  const fixed = name === "resolution" ? row.fixed_resolution : row.fixed_duration_s;
  return choices ?? (fixed === undefined ? [] : [String(fixed)]);
}

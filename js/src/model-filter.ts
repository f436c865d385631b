/** Which models of a mode are listed, and in what order. */
import { type Signal, signal } from "@preact/signals-core";
import type { Form, Sort } from "./form";
import type { ModelRow } from "./messages.gen";
import { micro } from "./money";
import type { Pricing } from "./pricing";

export interface Filters {
  provider: string;
  maxUsd: string;
  resolution: string;
  duration: string;
  sound: string;
  seed: string;
  lifeCycle: string;
  useCase: string;
  favourite: string;
}

const ALL: Filters = {
  provider: "",
  maxUsd: "",
  resolution: "",
  duration: "",
  sound: "",
  seed: "",
  lifeCycle: "",
  useCase: "",
  favourite: "",
};

/** What one view of the panel searches for. */
export class ModelSearch {
  readonly words = signal("");
  readonly filters: Signal<Filters> = signal(ALL);
  /** What the filters mean; comes with their fields. */
  fits: (row: ModelRow) => boolean = () => true;

  set(name: keyof Filters, value: string): void {
    this.filters.value = { ...this.filters.value, [name]: value };
  }

  clear(): void {
    this.words.value = "";
    this.filters.value = ALL;
  }

  get on(): number {
    return Object.values(this.filters.value).filter(Boolean).length;
  }
}

export function listed(form: Form, pricing: Pricing, search: ModelSearch): ModelRow[] {
  const wanted = form.rows.value.filter(
    (row) => (search.on === 0 || search.fits(row)) && named(row, search.words.value),
  );
  return sorted(wanted, form, pricing, form.sort.value);
}

function named(row: ModelRow, words: string): boolean {
  const haystack = [row.name, row.id, row.provider, ...row.use_cases].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Favourites first, then as asked; an unknown price or time goes last. */
function sorted(rows: ModelRow[], form: Form, pricing: Pricing, by: Sort): ModelRow[] {
  const favourite = new Set(form.favourites.value);
  const rank = (row: ModelRow) => {
    if (by === "price") return priceOf(pricing, row.id);
    return by === "time" ? (row.expected_s?.[1] ?? Number.POSITIVE_INFINITY) : 0;
  };
  const keyed = rows.map((row) => ({ row, first: favourite.has(row.id) ? 0 : 1, rank: rank(row) }));
  // Infinity - Infinity is no number, so the ranks are compared.
  keyed.sort((a, b) => a.first - b.first || (a.rank === b.rank ? 0 : a.rank < b.rank ? -1 : 1));
  return keyed.map(({ row }) => row);
}

/** The most that a model may cost as the form stands, in millionths of a dollar. */
export function priceOf(pricing: Pricing, id: string): number {
  const high = pricing.offers.value.get(id)?.quote.high_usd;
  return high === undefined ? Number.POSITIVE_INFINITY : micro(high);
}

/** The texts in the language that is read; what the kernel words itself comes in English. */
import { signal } from "@preact/signals-core";
import { en } from "./en";
import type { moreEn } from "./more-en";
import type { resultsEn } from "./results-en";

export type Strings = typeof en;
export type ResultStrings = typeof resultsEn;
export type MoreStrings = typeof moreEn;
export interface Translation {
  first: Strings;
  results: ResultStrings;
  more: MoreStrings;
}

/** A translation that was fetched; `null` reads English. */
export const translation = signal<Translation | null>(null);

/** The texts of the part that is there at once. */
export const t = (): Strings => translation.value?.first ?? en;

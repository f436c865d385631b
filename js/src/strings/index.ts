/** The texts in the language that is read. */
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
  /** What the kernel words itself; what is not its own vocabulary stays as it is. */
  said: (text: string) => string;
}

/** A translation that was fetched; `null` reads English. */
export const translation = signal<Translation | null>(null);

/** The texts of the part that is there at once. */
export const t = (): Strings => translation.value?.first ?? en;

/** What the kernel said, in English. */
export const said = (text: string) => translation.value?.said(text) ?? text;

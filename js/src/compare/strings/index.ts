/** The texts of a comparison in the language that is read; what the kernel words comes in English. */
import { signal } from "@preact/signals-core";
import { en } from "./en";
import type { moreEn } from "./more-en";

export type Strings = typeof en;
export type MoreStrings = typeof moreEn;
export type Mode = keyof Strings["modes"];
export interface Translation {
  compare: Strings;
  compareMore: MoreStrings;
}

/** A translation that was fetched; `null` reads English. */
export const translation = signal<Translation | null>(null);

export const t = (): Strings => translation.value?.compare ?? en;

/** Ranges of time in words. */
import { t } from "./strings";

/** "30-60 s", "2-3 min". */
export function rangeText([low, high]: [number, number]): string {
  const [unit, by] = high >= 120 ? ["min", 60] : ["s", 1];
  const [from, to] = [Math.round(low / by), Math.round(high / by)];
  return from === to ? `${to} ${unit}` : `${from}-${to} ${unit}`;
}

interface Expected {
  expected_s?: [number, number];
  expected_from: "own" | "published";
  expected_runs: number;
}

/** What is left of the usual time, seconds (low, high); both 0 when it takes longer than that. */
export const leftOf = ([low, high]: [number, number], since_s: number): [number, number] => [
  Math.max(0, low - since_s),
  Math.max(0, high - since_s),
];

/** How long it usually takes, and whether that is this project's own experience. */
export function usualText({ expected_s, expected_from, expected_runs }: Expected): string {
  if (!expected_s) return "";
  const text = rangeText(expected_s);
  return expected_from === "own" ? t().usuallyOwn(text, expected_runs) : t().usually(text);
}

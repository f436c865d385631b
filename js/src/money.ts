/** Amounts in US dollars: decimal strings on the wire, whole millionths in between. */
import type { QuoteText } from "./messages.gen";

/** Millionths of a dollar of a decimal string. */
export function micro(usd: string): number {
  const [whole = "0", part = ""] = usd.split(".");
  return Number(whole) * 1_000_000 + Number(part.slice(0, 6).padEnd(6, "0"));
}

/** An amount for people: two decimals, more where cents would hide it. */
export function moneyText(amount: number): string {
  const fine = (amount !== 0 && amount < 100_000) || amount % 10_000 !== 0;
  if (!fine) return `$${(amount / 1_000_000).toFixed(2)}`;
  const [whole, part = ""] = (amount / 1_000_000).toFixed(4).split(".");
  return `$${whole}.${part.replace(/0+$/, "").padEnd(2, "0")}`;
}

export interface Total {
  low: number;
  high: number;
  unknown: number;
  text: string;
}

/** The sum of quotes; what is unknown is counted, not added. */
export function totalOf(quotes: QuoteText[]): Total {
  let low = 0;
  let high = 0;
  let unknown = 0;
  for (const quote of quotes) {
    if (quote.low_usd === undefined || quote.high_usd === undefined) {
      unknown += 1;
    } else {
      low += micro(quote.low_usd);
      high += micro(quote.high_usd);
    }
  }
  if (unknown > 0 && unknown === quotes.length) {
    return { low, high, unknown, text: "price unknown" };
  }
  const known = low === high ? moneyText(low) : `${moneyText(low)}-${moneyText(high).slice(1)}`;
  return { low, high, unknown, text: unknown > 0 ? `${known} + unknown` : known };
}

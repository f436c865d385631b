/** Translates sentences that another program words, by what it fills into them. */

type Pattern = [match: RegExp, into: string];

/** Makes a translator of a table; what stands in no entry stays as it is. */
export function translator(table: readonly [string, string][]): (text: string) => string {
  const whole = new Map(table);
  const patterns = table.filter(([from]) => from.includes("{}")).map(patternOf);

  const sentence = (text: string): string | undefined => {
    const found = whole.get(text);
    if (found !== undefined) return found;
    for (const [match, into] of patterns) {
      const filled = match.exec(text);
      if (filled) return fill(into, filled.slice(1));
    }
    return undefined;
  };
  const fill = (into: string, filled: string[]) =>
    into.replace(/\{(~?)(\d)(\.?)\}/g, (_all, inner: string, nth: string, stop: string) => {
      const text = filled[Number(nth)] ?? "";
      return inner ? translate(`${text}${stop}`) : text;
    });
  const translate = (text: string): string => {
    const known = sentence(text);
    if (known !== undefined) return known;
    const parts = text.split(/(?<=[.!?…])\s+/);
    if (parts.length === 1) return text;
    // The longest beginning that is known, as an entry may have several sentences.
    for (let n = parts.length - 1; n > 0; n -= 1) {
      const head = sentence(parts.slice(0, n).join(" "));
      if (head !== undefined) return join(head, translate(parts.slice(n).join(" ")));
    }
    return join(parts[0] ?? "", translate(parts.slice(1).join(" ")));
  };
  return translate;
}

/** What is filled in has no end of a sentence in it. */
const FILLED = "((?:(?![.!?…]\\s).)+?)";

/** Full stops of Chinese carry their own space. */
const join = (a: string, b: string) => (a === "" || /[。：；]$/.test(a) ? a + b : `${a} ${b}`);

function patternOf([from, into]: [string, string]): Pattern {
  const source = from
    .split("{}")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join(FILLED);
  return [new RegExp(`^${source}$`), into];
}

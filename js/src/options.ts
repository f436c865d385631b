/** What several models offer together. */
import type { ModelRow, Offer, Scalar } from "./messages.gen";

export interface Option {
  value: Scalar;
  /** How many of the models take it. */
  takenBy: number;
}

export interface Shared {
  options: Option[];
  /** How many models the options come from. */
  of: number;
  /** How many of them have the setting at all. */
  having: number;
}

type Named = "duration_s" | "resolution" | "aspect_ratio" | "fps" | "audio" | "seed";

/** Values of one setting over several models, with how many take each. */
export function sharedOptions(rows: ModelRow[], name: Named): Shared {
  const counts = new Map<Scalar, number>();
  let having = 0;
  for (const row of rows) {
    const values = valuesOf(row, name);
    if (row.parameters.some((parameter) => parameter.name === name)) having += 1;
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const options = [...counts].map(([value, takenBy]) => ({ value, takenBy }));
  options.sort((a, b) => rank(a.value) - rank(b.value));
  return { options, of: rows.length, having };
}

/** Numbers by size, size classes by their lines, "auto" and the rest first. */
function rank(value: Scalar): number {
  if (typeof value === "number") return value;
  const text = String(value);
  const k = /^(\d+)k$/i.exec(text);
  if (k) return Number(k[1]) * 540;
  const lines = /^(?:true_)?(\d+)p$/.exec(text);
  if (lines) return Number(lines[1]);
  return 0;
}

function valuesOf(row: ModelRow, name: Named): Scalar[] {
  const parameter = row.parameters.find((p) => p.name === name);
  if (parameter?.choices) return parameter.choices;
  const fixed = { duration_s: row.fixed_duration_s, resolution: row.fixed_resolution }[
    name as string
  ];
  return parameter || fixed === undefined ? [] : [fixed];
}

/** What a model uses for a setting: what it sends instead, what was asked, or its own. */
export function effective(
  row: ModelRow,
  name: Named,
  asked: Scalar | undefined,
  offer: Offer | undefined,
): Scalar | undefined {
  const change = offer?.will_send.find((c) => c.name === name);
  if (change) return change.sent;
  if (asked !== undefined) return asked;
  const own = row.parameters.find((p) => p.name === name)?.default;
  if (own !== undefined && !Array.isArray(own)) return own;
  if (name === "duration_s") return row.fixed_duration_s;
  if (name === "resolution") return row.fixed_resolution;
  return undefined;
}

/** The strictest prompt limit of some models, and whose it is. */
export function promptLimit(rows: ModelRow[]): { max: number; name: string } | undefined {
  let strictest: { max: number; name: string } | undefined;
  for (const row of rows) {
    const max = row.parameters.find((p) => p.name === "prompt")?.max_length;
    if (max !== undefined && (!strictest || max < strictest.max))
      strictest = { max, name: row.name };
  }
  return strictest;
}

/** Characters as fal counts them: code points, not UTF-16 units. */
export const lengthOf = (text: string) => [...text].length;

/** Whether a model makes sound, or can. */
export const hasSound = (row: ModelRow) => row.sound !== "never";

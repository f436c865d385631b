/** Prices, states and ranges in words. */
import { expect, test } from "vitest";
import { mergeClips } from "../src/live";
import type { JobLine } from "../src/messages.gen";
import { micro, moneyText, totalOf } from "../src/money";
import { promptLimit, sharedOptions } from "../src/options";
import { rangeText } from "../src/ranges";
import { clockText, leftText, sizeText, stateText } from "../src/results/job-text";
import { translator } from "../src/strings/translator";
import { clip, state } from "./fake-model";

const quote = (low?: string, high = low) => ({
  kind: "exact" as const,
  text: "",
  detail: "",
  source: "",
  ...(low !== undefined && high !== undefined && { low_usd: low, high_usd: high }),
});

test.each([
  ["0.350000", "$0.35"],
  ["0", "$0.00"],
  ["0.194400", "$0.1944"],
  ["0.0072", "$0.0072"],
  ["0.05", "$0.05"],
  ["12.5", "$12.50"],
])("%s dollars are written %s", (usd, text) => {
  expect(moneyText(micro(usd))).toBe(text);
});

test("cents do not drift in a long sum", () => {
  expect(totalOf(Array.from({ length: 1000 }, () => quote("0.10"))).text).toBe("$100.00");
});

test("a total keeps ranges and what is unknown", () => {
  expect(totalOf([quote("0.70", "0.80"), quote("0.35")]).text).toBe("$1.05-1.15");
  expect(totalOf([quote("0.35"), quote()]).text).toBe("$0.35 + unknown");
  expect(totalOf([quote(), quote()]).text).toBe("price unknown");
});

test("options say how many of the models take them", () => {
  expect(sharedOptions(state.models.slice(0, 2), "duration_s").options).toEqual([
    { value: 4, takenBy: 1 },
    { value: 5, takenBy: 1 },
    { value: 6, takenBy: 1 },
    { value: 8, takenBy: 1 },
    { value: 10, takenBy: 1 },
  ]);
});

test("the strictest prompt limit counts, and whose it is", () => {
  expect(promptLimit(state.models)).toEqual({ max: 40, name: "Kling" });
});

test.each<[Partial<JobLine>, string]>([
  [{ state: "reserved", upload_fraction: 0.4 }, "waiting for upload 40 %"],
  [{ state: "queued", queue_position: 0 }, "queued, next"],
  [{ state: "downloading", received_bytes: 3.1e6, total_bytes: 8e6 }, "downloading 3.1 of 8.0 MB"],
  [{ state: "downloading", settled: true }, "not downloaded"],
  [{ state: "submit_unknown" }, "unknown (may be charged)"],
  [{ state: "running", lost_contact: true }, "lost contact with fal (goes on by itself)"],
])("a job that is %o reads %s", (job, text) => {
  expect(stateText({ settled: false, received_bytes: 0, ...job } as JobLine)).toBe(text);
});

test.each<[number, string]>([
  [30, "about 60-90 s left"],
  [100, "up to 20 s left"],
  [130, "longer than usual"],
])("%i s after it was sent, %s of what usually takes 90 to 120 s", (since, text) => {
  const job = { settled: false, submitted_at: 1000, expected_s: [90, 120] } as unknown as JobLine;
  expect(leftText(job, 1000 + since)).toBe(text);
});

test("times and sizes are short", () => {
  expect([clockText(12.9), clockText(3723)]).toEqual(["0:12", "1:02:03"]);
  expect([rangeText([30, 60]), rangeText([120, 180])]).toEqual(["30-60 s", "2-3 min"]);
  expect(sizeText(210_000)).toBe("210 kB");
});

test("a translation keeps what was filled in, and what it does not know", () => {
  const said = translator([
    ["{} is empty.", "{~0} kong."],
    ["prompt", "tishi"],
    ["Nothing was spent.", "mei hua qian."],
    ["free", "mianfei"],
  ]);
  expect(said("free")).toBe("mianfei");
  expect(said("prompt is empty. Nothing was spent.")).toBe("tishi kong. mei hua qian.");
  expect(said("(a.*b) is empty.")).toBe("(a.*b) kong.");
  expect(said("fal said: no. Nothing was spent.")).toBe("fal said: no. mei hua qian.");
});

test("clips of an event take their place, newest first, and deleted ones go", () => {
  const [old, other] = [
    { ...clip, id: "old", created_at: 1 },
    { ...clip, id: "other", created_at: 2 },
  ];
  const fresh = { ...clip, id: "fresh", created_at: 3 };
  const merged = mergeClips([other, old], [fresh, { ...old, title: "named" }], ["other"]);
  expect(merged.map(({ id, title }) => [id, title])).toEqual([
    ["fresh", undefined],
    ["old", "named"],
  ]);
});

/** What a comparison says, in both languages. */
import { afterEach, expect, it, vi } from "vitest";
import compare from "../src/compare/compare";
import { translation } from "../src/compare/strings";
import { rememberLanguage } from "../src/language";
import type { Command, CompareClip, CompareState } from "../src/messages.gen";
import { answering, FakeModel } from "./fake-model";

const clip = (place: number): CompareClip => ({
  id: `c${place}`,
  name: `clip ${place}`,
  model_name: `Model ${place}`,
  prompt: "",
  file_name: `${place}.mp4`,
  cost: "$0.35",
  start_s: 0,
  end_s: 4,
  first_frame_s: 0,
  sync_s: 0,
  fps: 24,
  width_px: 320,
  height_px: 180,
  video_codec: "h264",
  format: "mp4",
  has_sound: false,
  size_bytes: 10,
  version: "1",
  is_copy: false,
  metrics: [
    { name: "scene_cuts", label: "Scene cuts", value: 3, unit: "" },
    { name: "my_own", label: "My own", value: 0.25, unit: "levels" },
    { name: "loop_seam", label: "Loop seam", unit: "ratio" },
  ],
  row: "",
  column: "",
});

const state: CompareState = {
  kind: "compare_state",
  clips: [clip(0), clip(1), clip(2)],
  rows: [],
  columns: [],
  blind: false,
  voter: "",
  static_class: "static",
};

let end: (() => void)[] = [];
afterEach(() => {
  for (const step of end) step();
  end = [];
  translation.value = null;
  rememberLanguage("en");
});

/** A kernel that works, and whose clips are still on their way. */
const loading = (command: Command) =>
  command.kind === "read_clip" || command.kind === "read_poster" ? null : answering(command);

/** A comparison on the page; its text, and a click on the button with a text. */
function shown(more: Partial<CompareState> = {}) {
  const el = document.createElement("div");
  document.body.append(el);
  const widget = compare();
  const stop = widget.initialize({
    model: new FakeModel({ state: { ...state, ...more } }, loading),
  });
  const remove = widget.render({ el });
  end.push(remove, stop, () => el.remove());
  const root = el.firstElementChild?.shadowRoot;
  if (!root) throw new Error("nothing is rendered");
  return {
    root,
    text: () => root.querySelector(".root")?.textContent ?? "",
    press: (label: string) => {
      const button = [...root.querySelectorAll("button")].find((b) => b.textContent === label);
      if (!button) throw new Error(`no button ${label}`);
      button.click();
    },
  };
}

it("is in English where nothing else was asked for, and names metrics for people", async () => {
  rememberLanguage("en");
  const { text, press } = shown();
  expect(text()).toContain("Scene cuts 3");
  expect(text()).toContain("My own 0.25 levels");
  expect(text()).not.toContain("Loop seam");
  press("Vote");
  await vi.waitFor(() => expect(text()).toContain("Give places, best first: 3 left."));
});

it("is in Chinese where that was chosen, what is fetched later too", async () => {
  rememberLanguage("zh");
  const { root, text, press } = shown();
  await vi.waitFor(() => expect(text()).toContain("镜头切换 3"));
  expect(root.querySelector("section")?.getAttribute("aria-label")).toBe("3 个片段的对比");
  expect(text()).toContain("My own 0.25 levels");
  press("投票");
  await vi.waitFor(() => expect(text()).toContain("从最好的开始排名：还剩 3 个。"));
  press("按键");
  await vi.waitFor(() => expect(text()).toContain("播放或暂停"));
  const said = text()
    .replaceAll("My own", "")
    .replaceAll(/Model \d/g, "");
  expect(said).not.toMatch(/Grid|Speed|frame|Sound|Send|places/);
});

it("keeps the prompts of a matrix where a vote hides models", async () => {
  const clips = [clip(0), clip(1), clip(2), clip(3)].map((c, n) => ({ ...c, row: "xy"[n >> 1] }));
  const matrix = { rows: ["a cat", "a dog"], columns: ["Model 0", "Model 1"], blind: true };
  const { text } = shown({ ...matrix, clips: clips as CompareClip[] });
  expect(text()).toContain("a cat");
  expect(text()).not.toMatch(/a dog|Model/);
  expect(text()).toContain("Page 1 of 2");
});

it("gives a grid the shape of the middle one of its clips", () => {
  const tall = { ...clip(0), width_px: 180, height_px: 320 };
  const { root } = shown({ clips: [tall, clip(1), clip(2)] });
  const stage = root.querySelector<HTMLElement>(".stage");
  expect(Number(stage?.style.getPropertyValue("--aspect"))).toBeCloseTo(16 / 9);
});

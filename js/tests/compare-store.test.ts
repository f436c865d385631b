/** A comparison without its views: how media come, what is shown meanwhile, votes. */
import { afterEach, expect, it, vi } from "vitest";
import { clear, levelsOf, nextPlace, placeOf, send, toggle } from "../src/compare/ballot";
import { CompareStore } from "../src/compare/store";
import type { Tile } from "../src/compare/tile";
import { Kernel } from "../src/kernel";
import { Media } from "../src/media";
import type { Command, CompareClip, CompareState } from "../src/messages.gen";
import { FakeModel } from "./fake-model";

const MEBIBYTE = 1 << 20;

function clip(place: number, more: Partial<CompareClip> = {}): CompareClip {
  return {
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
    size_bytes: 40 * MEBIBYTE,
    version: "1",
    is_copy: false,
    metrics: [],
    row: "",
    column: "",
    ...more,
  };
}

const state = (clips: CompareClip[], more: Partial<CompareState> = {}): CompareState => ({
  kind: "compare_state",
  clips,
  rows: [],
  columns: [],
  blind: false,
  voter: "",
  static_class: "static",
  ...more,
});

let ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended) end();
  ended = [];
});

type Answers = ConstructorParameters<typeof FakeModel>[1];

function open(shown: CompareState, answer: Answers) {
  const model = new FakeModel({}, answer);
  const kernel = new Kernel(model, () => {});
  const media = new Media(kernel);
  const store = new CompareStore(shown, kernel, media);
  ended.push(() => {
    store.close();
    media.close();
    kernel.close();
  });
  return { model, store };
}

it("asks for few parts at a time, however many clips there are", async () => {
  const { model } = open(state(Array.from({ length: 16 }, (_, n) => clip(n))), () => null);
  await vi.waitFor(() => expect(model.sentOf("read_clip").length).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve));
  const asked = new Set(model.sentOf("read_clip").map((c) => `${c.clip_id} ${c.offset}`));
  expect(asked.size).toBeLessThanOrEqual(4 * 8);
});

it("shows the picture of the present moment while a clip's bytes are on their way", async () => {
  const answer = (command: Command) =>
    command.kind === "read_poster"
      ? {
          reply: { kind: "poster" as const, clip_id: command.clip_id },
          buffers: [new ArrayBuffer(4)],
        }
      : null;
  const { model, store } = open(state([clip(0), clip(1, { sync_s: 1 })]), answer);
  store.conductor.value.seek(2);
  await vi.waitFor(() => expect(store.tiles.value.every((t) => t.poster.value)).toBe(true));
  const moments = new Map(model.sentOf("read_poster").map((c) => [c.clip_id, c.at_s ?? 0]));
  expect(moments.get("c0")).toBeCloseTo(1, 1);
  expect(moments.get("c1")).toBeCloseTo(2, 1);
});

it("turns pages of a matrix by whole rows", () => {
  const cells = Array.from({ length: 30 }, (_, n) => clip(n));
  const { store } = open(
    state(cells, { rows: Array(6).fill("r"), columns: Array(5).fill("c") }),
    () => null,
  );
  expect(store.tiles.value.length).toBe(15);
  store.turnPage(1);
  expect(store.tiles.value[0]?.clip.value.id).toBe("c15");
  store.turnPage(1);
  expect(store.page.value).toBe(1);
});

it("ranks with ties, takes places back, and shows names only when the vote is kept", async () => {
  let refuse = true;
  const answer = (command: Command) => {
    if (command.kind !== "record_ballot") return null;
    const problem = { what: "The disk is full.", money: "", remedy: "Make room.", actions: [] };
    if (refuse) return { reply: { kind: "refused" as const, problem } };
    return { reply: { kind: "done" as const } };
  };
  const { model, store } = open(state([clip(0), clip(1), clip(2)], { blind: true }), answer);
  const { vote } = store;
  expect(store.nameOf(0)).toBe("A");
  const at = (id: string) => {
    const tile = store.tiles.value.find((t) => t.clip.value.id === id);
    if (!tile) throw new Error(id);
    return tile;
  };
  toggle(store, at("c0"));
  toggle(store, at("c0"));
  expect(placeOf(store, at("c0"))).toBeNull();
  clear(store);
  toggle(store, at("c2"));
  vote.tie.value = true;
  expect(nextPlace(store)).toBe(1);
  toggle(store, at("c0"));
  expect(nextPlace(store)).toBe(3);
  toggle(store, at("c1"));
  await send(store, vote.levels.value);
  expect(vote.failure.value).toContain("The disk is full.");
  expect(store.nameOf(0)).toBe("A");
  refuse = false;
  await send(store, vote.levels.value);
  const ballot = model.sentOf("record_ballot").at(-1);
  expect(ballot?.ranking).toEqual([["c2", "c0"], ["c1"]]);
  expect(ballot?.blind).toBe(true);
  expect(store.nameOf(0)).toMatch(/^Model/);
});

const keeping = (command: Command) =>
  command.kind === "record_ballot" ? { reply: { kind: "done" as const } } : null;

const ids = (store: CompareStore) => store.tiles.value.map((tile) => tile.clip.value.id).sort();

it("holds a ballot for each page, blind until that page's is kept", async () => {
  const clips = Array.from({ length: 20 }, (_, n) => clip(n));
  const { model, store } = open(state(clips, { blind: true }), keeping);
  for (const tile of store.candidates.slice(0, 2)) toggle(store, tile);
  store.turnPage(1);
  expect(nextPlace(store)).toBe(1);
  const [best, next] = store.candidates as [Tile, Tile];
  toggle(store, best);
  toggle(store, next);
  await send(store, levelsOf(store));
  const ranking = [[best.clip.value.id], [next.clip.value.id]];
  expect(model.sentOf("record_ballot").at(-1)?.ranking).toEqual(ranking);
  expect(store.nameOf(0)).toMatch(/^Model/);
  store.turnPage(-1);
  expect(store.nameOf(0)).toBe("A");
  expect(nextPlace(store)).toBe(1);
});

it("votes on one row of a matrix at a time, and shows all of it again afterwards", async () => {
  const cells = Array.from({ length: 9 }, (_, n) =>
    clip(n, { row: `prompt ${Math.floor(n / 3)}` }),
  );
  const matrix = { rows: ["prompt 0", "prompt 1", "prompt 2"], columns: ["x", "y", "z"] };
  const { model, store } = open(state(cells, matrix), keeping);
  expect(ids(store).length).toBe(9);
  store.toggleVote();
  expect(ids(store)).toEqual(["c0", "c1", "c2"]);
  store.turnPage(1);
  expect(ids(store)).toEqual(["c3", "c4", "c5"]);
  await send(
    store,
    store.candidates.slice(0, 2).map((tile) => [tile]),
  );
  expect(model.sentOf("record_ballot").length).toBe(1);
  store.toggleVote();
  expect(store.tiles.value.map((tile) => tile.clip.value.id)).toEqual(cells.map((c) => c.id));
});

it("counts only the clips that are on screen and can be seen", () => {
  const { store } = open(state([clip(0), clip(1), clip(2), clip(3)]), () => null);
  store.startVote(false);
  for (const tile of store.tiles.value.slice(1)) toggle(store, tile);
  expect(nextPlace(store)).toBe(4);
  const [, second, third] = store.tiles.value as [Tile, Tile, Tile];
  second.unplayable.value = true;
  expect(nextPlace(store)).toBe(3);
  expect(placeOf(store, third)).toBe(1);
});

/** Giving places to what is on screen, and sending them. */
import type { RefusedError } from "../kernel";
import type { CompareStore } from "./store";
import { m } from "./strings/more";
import type { Tile } from "./tile";

/** The places given so far, best first. */
export function levelsOf({ vote, candidates }: CompareStore): Tile[][] {
  return vote.levels.value
    .map((tiles) => tiles.filter((tile) => candidates.includes(tile)))
    .filter((tiles) => tiles.length > 0);
}

/** The place of a tile, from 1: as in sports, two firsts are followed by a third. */
export function placeOf(store: CompareStore, tile: Tile): number | null {
  const levels = levelsOf(store);
  const level = levels.findIndex((tiles) => tiles.includes(tile));
  return level < 0 ? null : 1 + levels.slice(0, level).flat().length;
}

/** The place that the next tile gets. */
export function nextPlace(store: CompareStore): number {
  const levels = levelsOf(store);
  const { length } = levels.flat();
  const shared = store.vote.tie.value ? (levels.at(-1)?.length ?? 0) : 0;
  return length - shared + 1;
}

/** Give the next place to a tile, or take its place back. */
export function toggle(store: CompareStore, tile: Tile): void {
  const { vote } = store;
  const had = placeOf(store, tile) !== null;
  const levels = levelsOf(store).map((tiles) => tiles.filter((other) => other !== tile));
  const last = levels.at(-1);
  if (!had && vote.tie.value && last) last.push(tile);
  else if (!had) levels.push([tile]);
  vote.levels.value = levels;
  vote.tie.value = false;
}

export function clear({ vote }: CompareStore): void {
  vote.levels.value = [];
  vote.tie.value = false;
}

/** Have a ranking kept; names show when it is. */
export async function send(store: CompareStore, levels: Tile[][]): Promise<void> {
  const { vote } = store;
  if (vote.sending.value) return;
  vote.sending.value = true;
  vote.failure.value = "";
  const page = store.page.value;
  try {
    await vote.kernel.command<"record_ballot">({
      kind: "record_ballot",
      ranking: levels.map((tiles) => tiles.map((tile) => tile.clip.value.id)),
      voter: vote.voter.value.trim(),
      blind: vote.blind.value,
    });
    if (store.page.value === page) {
      vote.levels.value = levels;
      vote.sent.value = true;
    }
    store.say(m().keptAndShown);
  } catch (error) {
    const { problem } = error as Partial<RefusedError>;
    vote.failure.value = problem ? `${problem.what} ${problem.remedy}` : String(error);
  }
  vote.sending.value = false;
}

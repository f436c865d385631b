/** Giving places, and sending them. */
import type { RefusedError } from "../kernel";
import { m } from "./strings/more";
import type { Tile } from "./tile";
import type { Vote } from "./vote";

/** The place of a tile, from 1: as in sports, two firsts are followed by a third. */
export function placeOf(vote: Vote, tile: Tile): number | null {
  const levels = vote.levels.value;
  const level = levels.findIndex((tiles) => tiles.includes(tile));
  return level < 0 ? null : 1 + levels.slice(0, level).flat().length;
}

/** The place that the next tile gets. */
export function nextPlace(vote: Vote): number {
  const levels = vote.levels.value;
  const { length } = levels.flat();
  const shared = vote.tie.value ? (levels.at(-1)?.length ?? 0) : 0;
  return length - shared + 1;
}

/** Give the next place to a tile, or take its place back. */
export function toggle(vote: Vote, tile: Tile): void {
  const had = placeOf(vote, tile) !== null;
  const levels = vote.levels.value.map((tiles) => tiles.filter((other) => other !== tile));
  const last = levels.at(-1);
  if (!had && vote.tie.value && last) last.push(tile);
  else if (!had) levels.push([tile]);
  vote.levels.value = levels.filter((tiles) => tiles.length > 0);
  vote.tie.value = false;
}

export function clear(vote: Vote): void {
  vote.levels.value = [];
  vote.tie.value = false;
}

/** Have a ranking kept; names show when it is. */
export async function send(vote: Vote, levels: Tile[][]): Promise<void> {
  if (vote.sending.value) return;
  vote.sending.value = true;
  vote.failure.value = "";
  try {
    await vote.kernel.command<"record_ballot">({
      kind: "record_ballot",
      ranking: levels.map((tiles) => tiles.map((tile) => tile.clip.value.id)),
      voter: vote.voter.value.trim(),
      blind: vote.blind.value,
    });
    vote.levels.value = levels;
    vote.blind.value = false;
    vote.sent.value = true;
    vote.say(m().keptAndShown);
  } catch (error) {
    const { problem } = error as Partial<RefusedError>;
    vote.failure.value = problem ? `${problem.what} ${problem.remedy}` : String(error);
  }
  vote.sending.value = false;
}

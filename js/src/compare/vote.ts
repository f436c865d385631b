/** One vote: places for clips, best first, ties allowed. */
import { signal } from "@preact/signals-core";
import { type Kernel, RefusedError } from "../kernel";
import * as strings from "./strings";
import type { Tile } from "./tile";

export class Vote {
  readonly opened = signal(false);
  /** Whether names are hidden. */
  readonly blind = signal(false);
  /** The tiles that have a place, best first; those of one place together. */
  readonly levels = signal<Tile[][]>([]);
  /** Whether the next tile shares the last place given. */
  readonly tie = signal(false);
  readonly voter;
  readonly sent = signal(false);
  readonly sending = signal(false);
  readonly failure = signal("");
  readonly #kernel: Kernel;
  readonly #say: (text: string) => void;

  constructor(kernel: Kernel, voter: string, say: (text: string) => void) {
    this.#kernel = kernel;
    this.voter = signal(voter);
    this.#say = say;
  }

  open(blind: boolean): void {
    this.opened.value = true;
    this.blind.value = blind;
    this.sent.value = false;
    this.failure.value = "";
    this.clear();
    this.#say(blind ? strings.namesAreHidden : strings.voteLabel);
  }

  close(): void {
    this.opened.value = false;
    this.blind.value = false;
    this.sent.value = false;
    this.clear();
  }

  clear(): void {
    this.levels.value = [];
    this.tie.value = false;
  }

  /** The place of a tile, from 1: as in sports, two firsts are followed by a third. */
  placeOf(tile: Tile): number | null {
    const level = this.levels.value.findIndex((tiles) => tiles.includes(tile));
    if (level < 0) return null;
    return 1 + this.levels.value.slice(0, level).flat().length;
  }

  get nextPlace(): number {
    const { length } = this.levels.value.flat();
    return this.tie.value && length > 0
      ? length - (this.levels.value.at(-1)?.length ?? 0) + 1
      : length + 1;
  }

  /** Give the next place to a tile, or take its place back. */
  toggle(tile: Tile): void {
    const levels = this.levels.value.map((tiles) => tiles.filter((other) => other !== tile));
    const had = this.placeOf(tile) !== null;
    if (!had && this.tie.value && levels.length > 0) levels.at(-1)?.push(tile);
    else if (!had) levels.push([tile]);
    this.levels.value = levels.filter((tiles) => tiles.length > 0);
    this.tie.value = false;
  }

  async send(levels: Tile[][]): Promise<void> {
    if (this.sending.value) return;
    this.sending.value = true;
    this.failure.value = "";
    try {
      await this.#kernel.command<"record_ballot">({
        kind: "record_ballot",
        ranking: levels.map((tiles) => tiles.map((tile) => tile.clip.value.id)),
        voter: this.voter.value.trim(),
        blind: this.blind.value,
      });
      this.levels.value = levels;
      this.blind.value = false;
      this.sent.value = true;
      this.#say(`${strings.voteKept} ${strings.namesShown}.`);
    } catch (error) {
      this.failure.value =
        error instanceof RefusedError
          ? `${error.problem.what} ${error.problem.remedy}`
          : String(error);
    }
    this.sending.value = false;
  }
}

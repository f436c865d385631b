/** One vote: places for clips, best first, ties allowed. What is done with it is in `ballot.ts`. */
import { signal } from "@preact/signals-core";
import type { Kernel } from "../kernel";
import { t } from "./strings";
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

  constructor(
    readonly kernel: Kernel,
    voter: string,
    readonly say: (text: string) => void,
  ) {
    this.voter = signal(voter);
  }

  /** Begin a vote. */
  open(blind: boolean): void {
    this.close();
    this.opened.value = true;
    this.blind.value = blind;
    this.say(blind ? t().namesAreHidden : t().voteLabel);
  }

  close(): void {
    this.opened.value = false;
    this.blind.value = false;
    this.sent.value = false;
    this.tie.value = false;
    this.failure.value = "";
    this.levels.value = [];
  }
}

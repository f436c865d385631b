/** One vote: places for clips, best first, ties allowed. What is done with it is in `ballot.ts`. */
import { computed, signal } from "@preact/signals-core";
import type { Kernel } from "../kernel";
import type { Tile } from "./tile";

export class Vote {
  readonly opened = signal(false);
  /** Whether names are hidden until the ballot is kept. */
  readonly hides = signal(false);
  /** The tiles that have a place, best first; those of one place together. */
  readonly levels = signal<Tile[][]>([]);
  /** Whether the next tile shares the last place given. */
  readonly tie = signal(false);
  readonly voter;
  readonly sent = signal(false);
  readonly sending = signal(false);
  readonly failure = signal("");
  /** Whether names are hidden now. */
  readonly blind = computed(() => this.hides.value && !this.sent.value);

  constructor(
    readonly kernel: Kernel,
    voter: string,
  ) {
    this.voter = signal(voter);
  }

  /** Begin a vote, or end it. */
  open(opened: boolean, blind = false): void {
    this.opened.value = opened;
    this.hides.value = blind;
    this.renew();
  }

  /** An empty ballot, for the clips that are on screen now. */
  renew(): void {
    this.sent.value = false;
    this.tie.value = false;
    this.failure.value = "";
    this.levels.value = [];
  }
}

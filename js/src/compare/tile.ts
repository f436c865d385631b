/** One place of a comparison: its clip, how its media come, what keeps it from playing. */
import { signal } from "@preact/signals-core";
import { type Kernel, RefusedError } from "../kernel";
import type { Media } from "../media";
import type { CompareClip, Problem } from "../messages.gen";
import { Player } from "./player";

/** A video that is on screen by then needs no poster. */
const POSTER_AFTER_MS = 200;

export class Tile {
  readonly clip;
  readonly player: Player | null;
  readonly poster = signal("");
  /** Part of its bytes that came, while they come. */
  readonly loading = signal<number | null>(null);
  readonly problem = signal<Problem | null>(null);
  /** The file is there, and the browser cannot play it. */
  readonly unplayable = signal(false);
  /** Part of its preview copy that is made, while it is made. */
  readonly copying = signal<number | null>(null);
  /** By how many of its frames it was moved against the others. */
  readonly shift = signal(0);
  closed = false;
  readonly #media: Media;
  #posterTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    clip: CompareClip,
    readonly kernel: Kernel,
    media: Media,
  ) {
    this.clip = signal(clip);
    this.#media = media;
    this.problem.value = clip.problem ?? null;
    if (clip.problem) {
      this.player = null;
      return;
    }
    const { start_s: startS, end_s: endS, first_frame_s: firstS, fps, sync_s: syncS } = clip;
    const track = { startS, endS, firstS, fps, syncS };
    this.player = new Player(track, { video: clip.width_px > 0 });
    this.player.failure.subscribe((why) => {
      if (why) void this.#explain();
    });
  }

  /** Whether it shows no picture, now or ever. */
  get blocked(): boolean {
    return this.problem.value !== null || this.unplayable.value;
  }

  async load(): Promise<void> {
    if (!this.player || this.problem.value) return;
    this.loading.value = 0;
    try {
      const url = await this.#media.clipUrl(this.clip.value, (part) => {
        this.loading.value = part;
      });
      if (!this.closed) this.player.load(url);
    } catch (error) {
      this.problem.value = problemOf(error);
      this.player.fail("its bytes did not come");
    }
    this.loading.value = null;
  }

  /** Show the picture of a moment for as long as the video has none. */
  showPoster(fileS: number): void {
    clearTimeout(this.#posterTimer);
    if (!this.player || this.problem.value || this.player.started.value) return;
    this.#posterTimer = setTimeout(async () => {
      if (this.closed || !this.player || this.player.started.value) return;
      const { endS, firstS, fps } = this.player.track;
      try {
        const reply = await this.kernel.command<"read_poster">({
          kind: "read_poster",
          clip_id: this.clip.value.id,
          at_s: Math.max(0, Math.min(fileS, endS - 0.5 / fps) - firstS),
        });
        const blob = new Blob(reply.buffers as BlobPart[], { type: "image/jpeg" });
        URL.revokeObjectURL(this.poster.value);
        this.poster.value = URL.createObjectURL(blob);
      } catch {
        // The video says by itself what is wrong.
      }
    }, POSTER_AFTER_MS);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.#posterTimer);
    URL.revokeObjectURL(this.poster.value);
    this.player?.close();
  }

  /** The browser only knows that it cannot play it; the kernel knows whether the file is there. */
  async #explain(): Promise<void> {
    if (this.problem.value) return;
    try {
      const { state } = await this.kernel.command<"read_comparison">({ kind: "read_comparison" });
      const now = state.clips.find((clip) => clip.id === this.clip.value.id);
      this.problem.value = now?.problem ?? null;
    } catch (error) {
      this.problem.value = problemOf(error);
    }
    this.unplayable.value = this.problem.value === null;
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof RefusedError) return error.problem;
  return {
    what: error instanceof Error ? error.message : String(error),
    money: "",
    remedy: "",
    actions: [],
  };
}

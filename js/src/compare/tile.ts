/** One place of a comparison: its clip, how its media come, what keeps it from playing. */
import { signal } from "@preact/signals-core";
import { type Kernel, RefusedError } from "../kernel";
import type { Media } from "../media";
import type { CompareClip, Problem } from "../messages.gen";
import { Player } from "./player";

/** How often to ask how far a preview copy is. */
const ASK_EVERY_MS = 600;
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
  readonly #kernel: Kernel;
  readonly #media: Media;
  #posterTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(clip: CompareClip, kernel: Kernel, media: Media) {
    this.clip = signal(clip);
    this.#kernel = kernel;
    this.#media = media;
    this.problem.value = clip.problem ?? null;
    if (clip.problem) {
      this.player = null;
      return;
    }
    const { start_s: startS, end_s: endS, fps, sync_s: syncS } = clip;
    this.player = new Player({ startS, endS, fps, syncS }, { video: clip.width_px > 0 });
    this.player.failure.subscribe((why) => {
      if (why) void this.#explain();
    });
  }

  async load(): Promise<void> {
    if (!this.player || this.problem.value) return;
    this.loading.value = 0;
    try {
      const url = await this.#media.clipUrl(this.clip.value, (part) => {
        this.loading.value = part;
      });
      if (!this.#closed) this.player.load(url);
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
      if (this.#closed || !this.player || this.player.started.value) return;
      try {
        const reply = await this.#kernel.command<"read_poster">({
          kind: "read_poster",
          clip_id: this.clip.value.id,
          at_s: Math.max(0, Math.min(fileS, this.clip.value.end_s - 0.5 / this.clip.value.fps)),
        });
        const blob = new Blob(reply.buffers as BlobPart[], { type: "image/jpeg" });
        URL.revokeObjectURL(this.poster.value);
        this.poster.value = URL.createObjectURL(blob);
      } catch {
        // The video says by itself what is wrong.
      }
    }, POSTER_AFTER_MS);
  }

  /** Have the kernel make a copy that plays, and play that. */
  async makeCopy(): Promise<void> {
    this.copying.value = 0;
    this.problem.value = null;
    try {
      let copy: CompareClip | undefined;
      while (!copy && !this.#closed) {
        const reply = await this.#kernel.command<"make_preview">({
          kind: "make_preview",
          clip_id: this.clip.value.id,
        });
        this.copying.value = reply.fraction;
        copy = reply.clip;
        if (!copy) await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      if (copy) this.clip.value = copy;
      this.unplayable.value = false;
      await this.load();
    } catch (error) {
      this.problem.value = problemOf(error);
    }
    this.copying.value = null;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#posterTimer);
    URL.revokeObjectURL(this.poster.value);
    this.player?.close();
  }

  /** The browser only knows that it cannot play it; the kernel knows whether the file is there. */
  async #explain(): Promise<void> {
    if (this.problem.value) return;
    try {
      const { state } = await this.#kernel.command<"read_comparison">({ kind: "read_comparison" });
      const now = state.clips.find((clip) => clip.id === this.clip.value.id);
      this.problem.value = now?.problem ?? null;
    } catch (error) {
      this.problem.value = problemOf(error);
    }
    this.unplayable.value = this.problem.value === null;
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof RefusedError) return error.problem;
  return {
    what: error instanceof Error ? error.message : String(error),
    money: "",
    remedy: "",
    actions: [],
  };
}

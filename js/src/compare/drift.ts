/**
 * How far apart playing clips are, measured from the frames that the browser reports to have put
 * on screen, not from what the players were told to do.
 *
 * A frame on screen says that its clip is somewhere within it. Two clips have drifted by as much
 * as the middles of their frames are apart on the clock, less half of each frame; told in frames
 * of the slower clip.
 */

/** A clip that was started or moved is left out for so long. */
const SETTLE_MS = 1_000;

/** A frame on screen. */
export interface Sighting {
  /** When it is displayed, a moment of `performance.now()`. */
  atMs: number;
  /** Where its middle belongs on the common clock, seconds. */
  clockS: number;
  /** How long it lasts, seconds of the clip. */
  frameS: number;
}

interface Known {
  sinceMs: number;
  /** How far the clip is ahead of the wall clock, up to a constant that all clips share, seconds. */
  aheadS: number;
  frameS: number;
}

export class Drift {
  readonly #known = new Map<unknown, Known>();
  /** The largest drift of any two clips so far, in frames; `null` before any two were measured. */
  worst: number | null = null;

  constructor(readonly speed: number) {}

  /** The clip stands, or was moved. */
  lost(clip: unknown): void {
    this.#known.delete(clip);
  }

  seen(clip: unknown, { atMs, clockS, frameS }: Sighting): void {
    const sinceMs = this.#known.get(clip)?.sinceMs ?? atMs;
    const aheadS = clockS - (atMs / 1000) * this.speed;
    this.#known.set(clip, { sinceMs, aheadS, frameS });
    const settled = (known: Known) => atMs - known.sinceMs >= SETTLE_MS;
    if (atMs - sinceMs < SETTLE_MS) return;
    for (const [other, known] of this.#known) {
      if (other === clip || !settled(known)) continue;
      const apartS = Math.abs(aheadS - known.aheadS) - (frameS + known.frameS) / 2;
      const frames = Math.max(0, apartS) / Math.max(frameS, known.frameS);
      this.worst = Math.max(this.worst ?? 0, frames);
    }
  }
}

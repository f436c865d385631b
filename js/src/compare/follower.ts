/**
 * Keeps one clip with the clock: how far it is behind goes in with every frame that is shown, what
 * to do about it comes out.
 *
 * A frame can be shown late, never early, so of the latest frames one of the least late tells where
 * the clip is. A correction runs exactly as long as it takes, then measuring begins anew: it cannot
 * swing.
 */
export interface Correction {
  /** Playback rate to use, in clip seconds a second. */
  rate: number;
  /** For how long, milliseconds. */
  forMs: number;
}

/** Frames to look at before a correction; fewer right after a start. */
const SAMPLES = 8;
const FIRST_SAMPLES = 3;
/** Part of a frame that is left alone. */
const DEADBAND = 0.15;
/** Errors are mended within this time, seconds, as far as the limits let it. */
const WITHIN_S = 0.4;
/** Largest change of the rate: while nobody sees it, and when it is more than a frame off. */
const GENTLE = 0.1;
const FIRM = 0.5;

export class Follower {
  readonly #frameS: number;
  #behind: number[] = [];
  #needed = FIRST_SAMPLES;
  #busyUntil = 0;

  constructor(fps: number) {
    this.#frameS = 1 / fps;
  }

  /** The clip was moved or started: nothing is known about it. */
  reset(): void {
    this.#behind = [];
    this.#needed = FIRST_SAMPLES;
    this.#busyUntil = 0;
  }

  /** @param behindS How far the shown frame is behind the clock, in clip seconds. */
  measured(behindS: number, speed: number, nowMs: number): Correction | null {
    if (nowMs < this.#busyUntil) return null;
    this.#behind.push(behindS);
    if (this.#behind.length < this.#needed) return null;
    const sorted = [...this.#behind].sort((a, b) => a - b);
    const error = sorted[Math.min(1, sorted.length - 1)] ?? 0;
    if (Math.abs(error) < this.#frameS * DEADBAND) {
      this.#needed = SAMPLES;
      if (this.#behind.length >= SAMPLES) this.#behind.shift();
      return null;
    }
    const limit = Math.abs(error) > this.#frameS ? FIRM : GENTLE;
    const change = Math.min(limit, Math.abs(error) / (WITHIN_S * speed));
    const forMs = (Math.abs(error) / (change * speed)) * 1000;
    this.#behind = [];
    this.#busyUntil = nowMs + forMs;
    return { rate: speed * (1 + Math.sign(error) * change), forMs };
  }
}

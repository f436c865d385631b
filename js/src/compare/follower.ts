/**
 * Keeps one clip with the clock: how far it is behind goes in with every frame that is shown, the
 * rate to play at comes out.
 *
 * Measured in Chromium 156: a silent clip follows its rate exactly; one with sound falls back by
 * 20 ms whenever its rate leaves the old one, because the sound is stretched in windows. So a
 * clip is left alone near the clock, and a correction goes on until it has arrived.
 */

/** A clip within this part of a frame is left alone; at least as many seconds of wall clock. */
const CLOSE = 0.2;
const CLOSE_S = 0.006;
/** A correction ends within this many seconds of wall clock. */
const ARRIVED_S = 0.002;
/** Frames of which the middle one counts. */
const SAMPLES = 3;
/** Errors are mended within this time, seconds, as far as the limits let it. */
const WITHIN_S = 0.15;
/** Limits of the rate's change: while it is hardly seen, and when more than half a frame is wrong. */
const LEAST = 0.02;
const GENTLE = 0.1;
const FIRM = 0.5;

export class Follower {
  readonly #frameS: number;
  #behind: number[] = [];
  #leaning = 0;

  constructor(fps: number) {
    this.#frameS = 1 / fps;
  }

  /** The clip was moved or started: nothing is known about it. */
  reset(): void {
    this.#behind = [];
    this.#leaning = 0;
  }

  /**
   * @param behindS How far the clip is behind the clock, in clip seconds.
   * @returns The rate to play at from now on; `null` leaves it as it is.
   */
  measured(behindS: number, speed: number): number | null {
    this.#behind.push(behindS);
    if (this.#behind.length < SAMPLES) return null;
    const error = [...this.#behind].sort((a, b) => a - b)[SAMPLES >> 1] ?? 0;
    this.#behind.shift();
    if (this.#leaning !== 0) {
      const latest = behindS * Math.sign(this.#leaning);
      if (latest > ARRIVED_S * speed) return null;
      this.reset();
      return speed;
    }
    if (Math.abs(error) < Math.max(CLOSE * this.#frameS, CLOSE_S * speed)) return null;
    const limit = Math.abs(error) > this.#frameS / 2 ? FIRM : GENTLE;
    const change = Math.min(limit, Math.max(LEAST, Math.abs(error) / (WITHIN_S * speed)));
    this.#leaning = Math.sign(error) * change;
    return speed * (1 + this.#leaning);
  }
}

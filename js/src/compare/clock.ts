/** The one clock: a position that moves with the wall clock while it runs. */
export class Clock {
  #position = 0;
  #speed = 1;
  #since: number | null = null;

  get running(): boolean {
    return this.#since !== null;
  }

  /** Seconds at a moment of `performance.now()`; may be asked for one a little ahead. */
  at(nowMs: number): number {
    if (this.#since === null) return this.#position;
    return this.#position + ((nowMs - this.#since) / 1000) * this.#speed;
  }

  start(nowMs: number): void {
    this.#since = nowMs;
  }

  stop(nowMs: number): void {
    this.#position = this.at(nowMs);
    this.#since = null;
  }

  /** Stands still at a position. */
  moveTo(position: number): void {
    this.#since = null;
    this.#position = position;
  }

  setSpeed(speed: number, nowMs: number): void {
    this.#position = this.at(nowMs);
    if (this.#since !== null) this.#since = nowMs;
    this.#speed = speed;
  }
}

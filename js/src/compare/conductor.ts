/** Keeps the players of a comparison on one clock. */
import { batch, signal } from "@preact/signals-core";
import { Clock } from "./clock";
import type { Player, Shown } from "./player";
import type { Ends } from "./timing";
import * as timing from "./timing";

/** How often a reading of the clock is shown, milliseconds. */
const SHOW_EVERY_MS = 60;
/** A clip further off than this, seconds of wall clock, is moved instead of hurried. */
const FAR_S = 0.35;
const LOOK_EVERY_MS = 250;
/** Longest wait for every clip's first moving frame after a start. */
const START_MS = 400;
export const SLOWEST = 0.1;
export const FASTEST = 4;

const now = () => performance.now();

type Range = readonly [from: number, to: number];

export class Conductor {
  /** Whether it plays, or will as soon as all clips are ready. */
  readonly playing = signal(false);
  /** Whether it ever played forwards. */
  readonly begun = signal(false);
  /** Whether it waits for a clip that is not ready. */
  readonly waiting = signal(false);
  readonly backwards = signal(false);
  readonly position = signal(0);
  readonly speed = signal(1);
  readonly ends = signal<Ends>("hold");
  readonly looping = signal(true);
  /** The part that is played; `null` is all of it. */
  readonly range = signal<Range | null>(null);
  /** From the first clip's start to the last one's end, seconds. */
  readonly length = signal(0);

  readonly #clock = new Clock();
  #active: Player[] = [];
  #delays = new Map<Player, number>();
  /** Counts changes of course; what was begun before the latest is given up. */
  #turn = 0;
  #tickRequest = 0;
  #shownAtMs = 0;
  #lookedAtMs = 0;
  #starvedSinceMs: number | null = null;

  constructor(readonly players: Player[]) {
    for (const player of players) player.onShown = (shown) => this.#onShown(player, shown);
    this.#measure();
    this.arrange(players);
  }

  get fps(): number {
    return timing.finestFps(this.#active.map((player) => player.track));
  }

  /** How long after the clock's zero a clip starts. */
  delayOf(player: Player): number {
    return this.#delays.get(player) ?? 0;
  }

  get bounds(): Range {
    const [from, to] = this.range.value ?? [0, this.length.value];
    return [Math.min(from, this.length.value), Math.min(to, this.length.value)];
  }

  /** Show some of the clips; the others stand still. */
  arrange(active: Player[]): void {
    for (const player of this.#active) if (!active.includes(player)) player.halt();
    this.#active = active;
    this.seek(this.#here);
  }

  /** Move a clip against the others by a number of its frames; the others stay where they are. */
  nudge(player: Player, frames: number): void {
    const anchor = this.players.find((other) => other !== player) ?? player;
    const before = this.#delays.get(anchor) ?? 0;
    player.track.syncS += frames / player.track.fps;
    this.#measure();
    const moved = (this.#delays.get(anchor) ?? 0) - before;
    this.seek(this.#here + moved);
  }

  toggle(): void {
    if (this.playing.value) this.pause();
    else this.play();
  }

  play(): void {
    const [from, to] = this.bounds;
    if (to <= from) return; // nothing that could play
    const t = this.#here;
    this.backwards.value = false;
    this.playing.value = this.begun.value = true;
    this.seek(t < from || t >= to - 0.5 / this.fps ? from : t);
  }

  pause(): void {
    this.#stop();
    this.playing.value = false;
    this.backwards.value = false;
    this.seek(this.#here);
  }

  /** Backwards, as fast as the browser can seek, at most at the set speed. */
  reverse(): void {
    this.#stop();
    this.playing.value = true;
    this.backwards.value = true;
    void this.#runBackwards(this.#turn);
  }

  /** All clips to one moment; goes on from there when playing. */
  seek(t: number): void {
    this.#stop();
    const within = Math.min(Math.max(0, t), this.#lastMoment());
    this.#clock.moveTo(timing.onFrame(within, this.fps));
    this.#showAll();
    if (this.backwards.value) void this.#runBackwards(this.#turn);
    else if (this.playing.value) void this.#start(this.#turn);
  }

  /** Stand on the frame `count` frames away, by the finest rate. */
  step(count: number): void {
    this.playing.value = false;
    this.backwards.value = false;
    this.#stop();
    this.seek(timing.stepped(this.#here, this.fps, count));
  }

  setSpeed(speed: number): void {
    const clamped = Math.min(FASTEST, Math.max(SLOWEST, speed));
    this.speed.value = clamped;
    this.#clock.setSpeed(clamped, now());
    for (const player of this.#active) {
      player.follower.reset();
      player.setRate(clamped);
    }
  }

  setEnds(ends: Ends): void {
    this.ends.value = ends;
    this.seek(this.#here);
  }

  close(): void {
    this.#stop();
    for (const player of this.players) player.close();
  }

  /** The clock's position at this moment. */
  get #here(): number {
    return this.#clock.at(now());
  }

  #measure(): void {
    const tracks = this.players.map((player) => player.track);
    const starts = timing.delays(tracks);
    for (const [index, player] of this.players.entries()) {
      this.#delays.set(player, starts[index] ?? 0);
    }
    this.length.value = timing.clockLength(tracks);
  }

  #lastMoment(): number {
    return Math.max(0, this.length.value - 1 / this.fps);
  }

  #place(player: Player, t: number): timing.Place {
    return timing.placeAt(player.track, t, this.delayOf(player), this.ends.value);
  }

  #stop(): void {
    this.#turn += 1;
    this.#clock.stop(now());
    cancelAnimationFrame(this.#tickRequest);
    for (const player of this.#active) player.halt();
    this.waiting.value = false;
    this.#starvedSinceMs = null;
  }

  /** Each clip on the frame that is on screen in the middle of the clock's finest frame. */
  #showAll(): void {
    const t = this.#here;
    batch(() => {
      this.position.value = t;
      for (const player of this.#active) {
        const place = this.#place(player, t + 0.5 / this.fps);
        player.phase.value = place.phase;
        player.lap = place.lap;
        player.showAt(place.fileS);
      }
    });
  }

  /** Wait until all clips are ready, start them together, and the clock with them. */
  async #start(turn: number): Promise<void> {
    await this.#allReady(turn);
    if (turn !== this.#turn) return;
    const position = this.#here + 0.5 / this.fps;
    const runners = this.#active.filter((p) => p.usable && p.phase.value === "inside");
    const calledAt = now();
    const starts = await this.#startsOf(runners, position);
    for (const player of runners) player.onShown = (shown) => this.#onShown(player, shown);
    if (turn !== this.#turn) return;
    // What the players did is the clock's beginning: half of them were earlier, half later.
    const begun = starts.sort((a, b) => a - b)[starts.length >> 1] ?? calledAt;
    this.#clock.moveTo(position);
    this.#clock.start(begun);
    this.#tick(turn);
  }

  /** Start players; when each was at its place for a clock position, by its first moving frame. */
  async #startsOf(runners: Player[], position: number): Promise<number[]> {
    const starts = new Map<Player, number>();
    const moving = new Promise<void>((resolve) => {
      if (runners.length === 0) resolve();
      for (const player of runners) {
        const stood = player.video.currentTime;
        const { fileS: placeS } = this.#place(player, position);
        player.onShown = ({ atMs, fileS }) => {
          if (fileS <= stood || starts.has(player)) return;
          starts.set(player, atMs - ((fileS - placeS) / this.speed.value) * 1000);
          if (starts.size === runners.length) resolve();
        };
      }
    });
    for (const player of runners) player.run(this.speed.value);
    await Promise.race([moving, new Promise((resolve) => setTimeout(resolve, START_MS))]);
    return [...starts.values()];
  }

  async #allReady(turn: number): Promise<void> {
    const since = now();
    const ready = () => this.#active.every((p) => p.ready(now() - since));
    while (turn === this.#turn && !ready()) {
      if (now() - since > LOOK_EVERY_MS) this.waiting.value = true;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_EVERY_MS);
        for (const player of this.#active) {
          player.onChange = () => {
            clearTimeout(timer);
            resolve();
          };
        }
      });
    }
    if (turn === this.#turn) this.waiting.value = false;
  }

  #tick(turn: number): void {
    if (turn !== this.#turn) return;
    const nowMs = now();
    const t = this.#clock.at(nowMs);
    const [from, to] = this.bounds;
    if (t >= to) {
      if (this.looping.value) this.seek(from);
      else {
        this.#clock.moveTo(Math.max(0, to - 1 / this.fps));
        this.pause();
      }
      return;
    }
    const look = nowMs - this.#lookedAtMs > LOOK_EVERY_MS;
    if (look) this.#lookedAtMs = nowMs;
    for (const player of this.#active) if (player.usable) this.#keepPlace(player, t, look);
    if (this.#starves(nowMs)) {
      this.seek(t);
      return;
    }
    if (nowMs - this.#shownAtMs > SHOW_EVERY_MS) {
      this.#shownAtMs = nowMs;
      this.position.value = t;
    }
    this.#tickRequest = requestAnimationFrame(() => this.#tick(turn));
  }

  /** Starts, ends and laps of one clip, and what is far off. */
  #keepPlace(player: Player, t: number, look: boolean): void {
    const place = this.#place(player, t);
    if (place.phase !== player.phase.value) {
      player.phase.value = place.phase;
      if (place.phase === "inside") player.run(this.speed.value);
      else player.showAt(place.fileS);
      return;
    }
    if (place.phase !== "inside" || player.seeking) return;
    const far = Math.abs(place.fileS - player.video.currentTime) > FAR_S * this.speed.value;
    const stopped = player.video.paused && !player.video.ended;
    if (place.lap === player.lap && !(look && (far || stopped))) return;
    player.lap = place.lap;
    player.jump(place.fileS);
    if (player.video.paused) player.run(this.speed.value);
  }

  #starves(nowMs: number): boolean {
    if (!this.#active.some((player) => player.usable && player.starved)) {
      this.#starvedSinceMs = null;
      return false;
    }
    this.#starvedSinceMs ??= nowMs;
    return nowMs - this.#starvedSinceMs > LOOK_EVERY_MS;
  }

  #onShown(player: Player, { atMs, fileS }: Shown): void {
    if (!this.#clock.running || !player.running || player.seeking) return;
    const place = this.#place(player, this.#clock.at(atMs));
    if (place.phase !== "inside" || place.lap !== player.lap) return;
    const speed = this.speed.value;
    const rate = player.follower.measured(place.fileS - fileS, speed);
    if (rate !== null) player.setRate(rate);
  }

  async #runBackwards(turn: number): Promise<void> {
    let before = now();
    while (turn === this.#turn) {
      await this.#allReady(turn);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      if (turn !== this.#turn) return;
      const nowMs = now();
      const back = Math.max(1 / this.fps, ((nowMs - before) / 1000) * this.speed.value);
      before = nowMs;
      const [from] = this.bounds;
      const t = this.#clock.at(nowMs) - back;
      this.#clock.moveTo(timing.onFrame(Math.max(from, t), this.fps));
      this.#showAll();
      if (t <= from) this.pause();
    }
  }
}

/** One clip's `<video>`: seeks that never pile up, and what is seen of it. */
import { signal } from "@preact/signals-core";
import { Follower } from "./follower";
import { frameAt, middleOf, type Phase, type Track } from "./timing";

/** Enough data that playing on is likely (HTML, readyState). */
const HAVE_CURRENT_DATA = 2;
const HAVE_FUTURE_DATA = 3;
const HAVE_ENOUGH_DATA = 4;
/** How long to wait for a buffer that is surely enough before one that is likely enough will do. */
const PATIENCE_MS = 3_000;
/** How often the frame on screen is named while it runs. */
const NAME_EVERY_MS = 100;

/** Where a clip was when a frame came on screen. */
export interface Shown {
  /** A moment of `performance.now()`. */
  atMs: number;
  /** Its position then, seconds of the file. The frame's own time lags and leads by the cadence. */
  fileS: number;
}

export class Player {
  readonly video = document.createElement("video");
  readonly follower: Follower;
  /** The frame on screen, counted from the file's start; while it runs, a few times a second. */
  readonly frame = signal(0);
  /** Whether it has shown a frame. */
  readonly started = signal(false);
  readonly phase = signal<Phase>("inside");
  /** Why it cannot be played. */
  readonly failure = signal("");
  lap = 0;
  running = false;
  onShown: (shown: Shown) => void = () => {};
  onChange: () => void = () => {};

  readonly #expected: { video: boolean };
  /** Where to seek next. */
  #wanted: number | null = null;
  /** Where it was last sent. */
  #target: number | null = null;
  #namedAtMs = 0;
  #frameRequest = 0;
  #closed = false;

  constructor(
    readonly track: Track,
    expected: { video: boolean },
  ) {
    this.#expected = expected;
    this.follower = new Follower(track.fps);
    const { video } = this;
    video.preload = "auto";
    video.muted = true;
    video.playsInline = true;
    video.tabIndex = -1;
    video.disableRemotePlayback = true;
    video.addEventListener("loadedmetadata", () => this.#onMetadata());
    video.addEventListener("seeked", () => this.#seekOn());
    // A file that starts late tells its true end only once it is read; what lay behind is sought again.
    video.addEventListener("durationchange", () => {
      const to = this.#target;
      if (!this.running && to !== null && to > video.currentTime + 1e-3) this.#seek(to);
    });
    video.addEventListener("error", () => this.fail(video.error?.message || "error"));
    for (const name of ["seeked", "canplay", "canplaythrough", "progress", "suspend"]) {
      video.addEventListener(name, () => this.onChange());
    }
    this.#followFrames();
  }

  load(url: string): void {
    this.failure.value = "";
    this.video.src = url;
    // A first seek also makes the browser show a picture.
    this.#wanted = this.#target ?? this.track.startS;
  }

  /** Another file of the same pictures comes, whose first frame is on at another time. */
  shiftTo(firstS: number): void {
    const { track } = this;
    const by = firstS - track.firstS;
    for (const name of ["startS", "endS", "firstS"] as const) track[name] += by;
    if (this.#target !== null) this.#target += by;
  }

  fail(why: string): void {
    this.failure.value = why;
    this.running = false;
    this.onChange();
  }

  /** Whether there is something to wait for. */
  get usable(): boolean {
    return this.failure.value === "";
  }

  get seeking(): boolean {
    return this.#wanted !== null || this.video.seeking;
  }

  /** Whether it could start at once; less is enough when the wait began long ago. */
  ready(waitedMs: number): boolean {
    if (!this.usable) return true;
    if (this.video.readyState < HAVE_CURRENT_DATA || this.seeking) return false;
    if (this.phase.value !== "inside") return true;
    const atEnd = this.video.currentTime > this.video.duration - 2 / this.track.fps;
    const enough = waitedMs < PATIENCE_MS ? HAVE_ENOUGH_DATA : HAVE_FUTURE_DATA;
    return atEnd || this.video.readyState >= enough;
  }

  get starved(): boolean {
    const { readyState, ended } = this.video;
    return this.running && !this.seeking && !ended && readyState < HAVE_FUTURE_DATA;
  }

  /** Stand still on the frame that is shown at a time in the file. */
  showAt(fileS: number): void {
    this.halt();
    const middle = middleOf(this.track, frameAt(this.track, fileS));
    this.#target = middle;
    if (Math.abs(this.video.currentTime - middle) < 1e-4 && !this.seeking) return;
    this.#seek(middle);
  }

  /** Go on from another time without stopping. */
  jump(fileS: number): void {
    this.follower.reset();
    this.#seek(fileS);
  }

  run(speed: number): void {
    this.follower.reset();
    this.setRate(speed);
    this.running = true;
    this.video.play().catch((error: DOMException) => {
      if (error.name === "NotAllowedError" && !this.video.muted) {
        this.video.muted = true; // a browser that wants a click first plays silently
        void this.video.play().catch(() => {});
      }
    });
  }

  halt(): void {
    this.running = false;
    if (!this.video.paused) this.video.pause();
  }

  setRate(rate: number): void {
    this.video.playbackRate = rate;
  }

  close(): void {
    this.#closed = true;
    this.halt();
    this.video.cancelVideoFrameCallback(this.#frameRequest);
    this.video.removeAttribute("src");
    this.video.load(); // lets the browser free its decoder
  }

  /** The latest wish wins: a seek under way is ended first, those in between are left out. */
  #seek(fileS: number): void {
    const idle = !this.seeking && this.video.readyState > 0;
    this.#wanted = this.#target = fileS;
    if (idle) this.#seekOn();
  }

  #seekOn(): void {
    if (this.#wanted === null || this.#closed) return;
    const to = this.#wanted;
    this.#wanted = null;
    this.video.currentTime = to;
  }

  #onMetadata(): void {
    if (this.#expected.video && this.video.videoWidth === 0) {
      this.fail("no picture that this browser can show");
      return;
    }
    this.#seekOn();
    this.onChange();
  }

  #followFrames(): void {
    const next = () => {
      this.#frameRequest = this.video.requestVideoFrameCallback((_now, shown) => {
        if (this.#closed) return;
        const atMs = performance.now();
        if (!this.running || atMs - this.#namedAtMs > NAME_EVERY_MS) {
          this.#namedAtMs = atMs;
          this.frame.value = Math.round((shown.mediaTime - this.track.firstS) * this.track.fps);
        }
        this.started.value = true;
        this.onShown({ atMs, fileS: this.video.currentTime });
        next();
      });
    };
    next();
  }
}

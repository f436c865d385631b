/** Where each clip is at a moment of the common clock. Times are seconds. */

/** What a clip shows before its start and after its end. */
export type Ends = "hold" | "loop" | "blank";
export type Phase = "before" | "inside" | "after";

/** A clip as the clock sees it. */
export interface Track {
  /** The compared range, in the file: on the clock of its player. */
  startS: number;
  endS: number;
  /** When the file's first frame is on, in the file. */
  firstS: number;
  /** Frames a second. */
  fps: number;
  /** A moment of the range that all clips reach together, from the range's start. */
  syncS: number;
}

export interface Place {
  phase: Phase;
  /** Time in the file. */
  fileS: number;
  /** How often the clip has started again. */
  lap: number;
}

/** Rates are rounded to a thousandth, so a frame's start can be missed by this part of a frame. */
const SLACK = 0.01;

export const lengthOf = (track: Track) => track.endS - track.startS;

/** How long after the clock's zero each clip starts, so that their sync points meet. */
export function delays(tracks: Track[]): number[] {
  const latest = Math.max(0, ...tracks.map((track) => track.syncS));
  return tracks.map((track) => latest - track.syncS);
}

/** From the first clip's start to the last one's end. */
export function clockLength(tracks: Track[]): number {
  const starts = delays(tracks);
  return Math.max(0, ...tracks.map((track, index) => (starts[index] ?? 0) + lengthOf(track)));
}

/** The finest rate among clips: what one frame step is. */
export const finestFps = (tracks: Track[]) => Math.max(1, ...tracks.map((track) => track.fps));

/** Where a clip is at clock time `t`, when it starts at `delay`. */
export function placeAt(track: Track, t: number, delay: number, ends: Ends): Place {
  const length = lengthOf(track);
  const local = t - delay;
  if (ends === "loop" && length > 0) {
    const lap = Math.floor(local / length + 1e-9);
    return { phase: "inside", fileS: track.startS + (local - lap * length), lap };
  }
  if (local < -1e-9) return { phase: "before", fileS: track.startS, lap: 0 };
  if (local >= length - SLACK / track.fps) return { phase: "after", fileS: track.endS, lap: 0 };
  return { phase: "inside", fileS: track.startS + local, lap: 0 };
}

/** The frame shown at a time in the file, counted from 0. */
export function frameAt(track: Track, fileS: number): number {
  const frames = (t: number) => (t - track.firstS) * track.fps;
  const first = Math.floor(frames(track.startS) + SLACK);
  const last = Math.max(first, Math.ceil(frames(track.endS) - SLACK) - 1);
  return Math.min(last, Math.max(first, Math.floor(frames(fileS) + SLACK)));
}

/** The middle of a frame: seeking there lands on it whatever the rounding. */
export const middleOf = (track: Track, frame: number) => track.firstS + (frame + 0.5) / track.fps;

/** The start of the finest frame that a moment lies in. */
export const onFrame = (t: number, fps: number) => Math.floor(t * fps + SLACK) / fps;

/** The start of the finest frame `count` frames away. */
export const stepped = (t: number, fps: number, count: number) =>
  (Math.floor(t * fps + SLACK) + count) / fps;

/** "0:02.375". */
export function clockText(t: number): string {
  const ms = Math.max(0, Math.round(t * 1000));
  const seconds = (ms % 60_000) / 1000;
  return `${Math.floor(ms / 60_000)}:${seconds.toFixed(3).padStart(6, "0")}`;
}

/** Every text of a comparison that a person reads. */
import type { Ends } from "./timing";

export const title = (count: number) =>
  `Comparison of ${count === 1 ? "1 clip" : `${count} clips`}`;
export const nothing = "There are no clips to compare.";
export const nothingHint =
  "Pass some: studio.compare(clips), a batch, a sweep, or paths of video files.";
export const onlyOne = "One clip plays alone; pass two or more to compare.";
export const kernelSilent = "The kernel does not answer. What is loaded plays on.";

export const modes = {
  grid: "Grid",
  two: "Two",
  wipe: "Wipe",
  difference: "Difference",
  flicker: "Flicker",
} as const;
export type Mode = keyof typeof modes;
export const modesLabel = "How clips are shown";
export const first = "First clip";
export const second = "Second clip";
export const wipeHandle = "Wipe: how much of the first clip is shown";
export const percent = (part: number) => `${Math.round(part * 100)} %`;
export const amplify = "Amplify";
export const times = (factor: number) => `${factor}x`;

export const sound = "Sound";
export const silent = "off";
export const fit = "Fit";
export const actual = "1:1";
export const fitLabel = "Fit to the cell, or one pixel for one pixel";
export const zoomedBy = (zoom: number) => `${Math.round(zoom * 100)} %`;
export const resetZoom = "Back to the whole picture";
export const full = "Full";
export const fullScreen = "Full screen";
export const leaveFullScreen = "Leave full screen";
export const keys = "Keys";

export const play = "Play";
export const pause = "Pause";
export const toStart = "To the start";
export const toEnd = "To the end";
export const stepBack = "One frame back";
export const stepOn = "One frame on";
export const position = "Position";
export const frameOf = (frame: number, count: number) => `frame ${frame} of ${count}`;
export const speed = "Speed";
export const speedOf = (speed: number) => `${Number(speed.toFixed(2))}x`;
export const atTheEnd = "Short clips";
export const ends = { hold: "hold", loop: "loop", blank: "go blank" } satisfies Record<
  Ends,
  string
>;
export const loop = "Loop";
export const loopFrom = "Loop from here";
export const loopTo = "Loop to here";
export const loopAll = "Loop all of it";
export const waiting = "waiting for all clips";
export const backwards = "backwards";
export const page = (page: number, pages: number) => `Page ${page} of ${pages}`;
export const nextPage = "Next page";
export const previousPage = "Previous page";

export const clipNumber = (number: number) => `Clip ${number}`;
export const hiddenName = (place: number) => String.fromCharCode(65 + place);
export const perResult = (text: string) => `${text} to result`;
export const seedOf = (seed: number) => `seed ${seed}`;
export const soundMark = "sound";
export const copyMark = "preview copy";
export const ended = (at: string, ends: Ends) =>
  ends === "blank" ? `ended at ${at}` : `ended at ${at}, held`;
export const notYet = (at: string, ends: Ends) =>
  ends === "blank" ? `starts at ${at}` : `starts at ${at}, held`;
export const repeats = (lap: number) => `plays the ${lap + 1}. time`;
export const frame = (number: number) => `frame ${number}`;
export const shift = (frames: number) => `${frames > 0 ? "+" : ""}${frames} fr`;
export const shiftBack = (name: string) => `${name}: one frame earlier against the others`;
export const shiftOn = (name: string) => `${name}: one frame later against the others`;
export const listenTo = (name: string) => `Sound from ${name}`;
export const notMeasurable = "not measurable";
export const loading = (percent: number) => (percent > 0 ? `loading ${percent} %` : "loading");
export const noClip = "no clip";

const codecNames: Record<string, string> = {
  hevc: "HEVC (H.265)",
  prores: "ProRes",
  mpeg4: "MPEG-4 Part 2",
  mpeg2video: "MPEG-2",
  mjpeg: "Motion JPEG",
  ffv1: "FFV1",
  vvc: "VVC (H.266)",
};
export const codec = (name: string) => codecNames[name] ?? (name || "unknown").toUpperCase();
export const cannotPlay = (name: string) => `This browser does not play ${codec(name)}.`;
export const cannotPlayHidden = "This browser does not play this clip.";
export const makePreview = "Make a preview copy";
export const makePreviewHint = "An H.264 copy in the project's folder previews/; the clip stays.";
export const makingPreview = (percent: number) => `Making a preview copy: ${percent} %`;
export const tryAgain = "Try again";

export const vote = "Vote";
export const voteLabel = "Your vote";
export const namesAreHidden = "Names are hidden, places are shuffled";

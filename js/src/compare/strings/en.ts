/** The texts that a comparison shows without fetching anything, in English. */
import type { Ends } from "../timing";

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

export const en = {
  title: (count: number) => `Comparison of ${count === 1 ? "1 clip" : `${count} clips`}`,
  nothing: "There are no clips to compare.",
  nothingHint: "Pass some: studio.compare(clips), a batch, a sweep, or paths of video files.",
  onlyOne: "One clip plays alone; pass two or more to compare.",
  kernelSilent: "The kernel does not answer. What is loaded plays on.",

  modes: {
    grid: "Grid",
    two: "Two",
    wipe: "Wipe",
    difference: "Difference",
    flicker: "Flicker",
  },
  modesLabel: "How clips are shown",
  first: "First clip",
  second: "Second clip",
  percent: (part: number) => `${Math.round(part * 100)} %`,
  amplify: "Amplify",
  times: (factor: number) => `${factor}x`,

  sound: "Sound",
  silent: "off",
  fit: "Fit",
  actual: "1:1",
  fitLabel: "1:1, one pixel for one pixel",
  resetZoom: "Back to the whole picture",
  full: "Full",
  fullScreen: "Full screen",
  leaveFullScreen: "Leave full screen",
  keys: "Keys",

  play: "Play",
  pause: "Pause",
  toStart: "To the start",
  toEnd: "To the end",
  stepBack: "One frame back",
  stepOn: "One frame on",
  position: "Position",
  frameOf: (frame: number, count: number) => `frame ${frame} of ${count}`,
  speed: "Speed",
  speedOf: (speed: number) => `${Number(speed.toFixed(2))}x`,
  atTheEnd: "Short clips",
  ends: { hold: "hold", loop: "loop", blank: "go blank" } satisfies Record<Ends, string>,
  loop: "Loop",
  loopFrom: "Loop from here",
  loopTo: "Loop to here",
  loopAll: "Loop all of it",
  waiting: "waiting for all clips",
  backwards: "backwards",
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
  nextPage: "Next page",
  previousPage: "Previous page",

  clipNumber: (number: number) => `Clip ${number}`,
  hiddenName: (place: number) => String.fromCharCode(65 + place),
  perResult: (text: string) => `${text} to result`,
  seedOf: (seed: number) => `seed ${seed}`,
  soundMark: "sound",
  copyMark: "preview copy",
  ended: (at: string, ends: Ends) => (ends === "blank" ? `ended at ${at}` : `ended at ${at}, held`),
  notYet: (at: string, ends: Ends) =>
    ends === "blank" ? `starts at ${at}` : `starts at ${at}, held`,
  repeats: (lap: number) => `round ${lap + 1}`,
  frame: (number: number) => `frame ${number}`,
  shift: (frames: number) => `${frames > 0 ? "+" : ""}${frames} fr`,
  shiftBack: (name: string) => `${name}: one frame earlier against the others`,
  shiftOn: (name: string) => `${name}: one frame later against the others`,
  listenTo: (name: string) => `Sound from ${name}`,
  noSound: (name: string) => `${name} has no sound`,
  /** The label of a metric, by its name. */
  metric: (_name: string, label: string) => label,
  loading: (percent: number) => (percent > 0 ? `loading ${percent} %` : "loading"),
  noClip: "no clip",

  vote: "Vote",
  voteLabel: "Your vote",
  namesAreHidden: "Names are hidden, places are shuffled",
};

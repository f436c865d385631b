/** The texts of the part that is fetched, in English. */
import { codec } from "./en";

const ordinal = (n: number) =>
  `${n}${n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;

const containers: Record<string, string> = { mpegts: "MPEG-TS", mpeg: "MPEG-PS", asf: "WMV" };

export const container = (format: string) => containers[format] ?? format.toUpperCase();

export const moreEn = {
  place: (place: number) => `${ordinal(place)} place`,
  better: "This is better",
  equal: "Both are equal",
  placeNow: (place: number) => `${ordinal(place)}, take back`,
  tie: "Next one shares the last place given",
  rankAll: (left: number) =>
    left === 0 ? "All have a place." : `Give places, best first: ${left} left. Two are enough.`,
  pickOne: "Which one is better?",
  send: "Send the vote",
  startAgain: "Start again",
  close: "Close",
  voteAgain: "Vote again",
  namesHidden: "Names hidden",
  voter: "Who votes (optional)",
  keyList: [
    ["Space, K", "play or pause"],
    ["L / J", "faster / backwards"],
    ["← →", "one frame, by the finest rate; with Shift one second"],
    ["↑ ↓", "speed"],
    ["Home, End", "first and last frame"],
    ["I, O, P", "loop from here, to here, all of it"],
    ["1 to 9", "sound from a clip; beside it in Two, Wipe, Difference, Flicker"],
    ["Shift + 1 to 9", "the first clip of those"],
    ["M", "sound off"],
    ["G, T, W, D, F", "grid, two, wipe, difference, flicker"],
    ["Z, +, −, 0", "1:1, zoom in, out, back; Alt + arrows pan"],
    [", and .", "move the chosen clip a frame against the others"],
    ["V, X, ?", "vote, full screen, this list"],
    ["Page Up, Page Down", "pages; in a vote on a matrix, its rows"],
  ] as (readonly [keys: string, what: string])[],
  wipeHandle: "Wipe: how much of the first clip is shown",
  tryAgain: "Try again",
  cannotPlay: (name: string) => `This browser does not play ${codec(name)}.`,
  cannotPlayKind: (name: string) => `This browser does not play this kind of ${codec(name)}.`,
  cannotRead: (format: string) => `This browser does not read ${container(format)} files.`,
  cannotPlayHidden: "This browser does not play this clip.",
  makePreview: "Make a preview copy",
  makePreviewHint: "An H.264 copy in the project's folder previews/; the clip stays.",
  makingPreview: (percent: number) => `Making a preview copy: ${percent} %`,

  /** Frames of the slower of two clips. */
  drift: (frames: number) => `drift at most ${frames.toFixed(1)} frames`,
  driftHint:
    "Measured from the frames on screen since it plays: how far any two clips were apart beyond what their frames explain, in frames of the slower one",

  voteKept: "Vote kept.",
  keptAndShown: "Vote kept. Names are shown.",
};

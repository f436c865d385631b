/** The texts of the part that is fetched. */
export const place = (place: number) => `${ordinal(place)} place`;
export const ordinal = (n: number) =>
  `${n}${n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
export const better = "This is better";
export const equal = "Both are equal";
export const placeNow = (place: number) => `${ordinal(place)}, take back`;
export const tie = "Next one shares the last place given";
export const rankAll = (left: number) =>
  left === 0 ? "All have a place." : `Give places, best first: ${left} left.`;
export const pickOne = "Which one is better?";
export const send = "Send the vote";
export const startAgain = "Start again";
export const close = "Close";
export const voteAgain = "Vote again";
export const namesHidden = "Names hidden";
export const voter = "Who votes (optional)";
export const keyList: (readonly [keys: string, what: string])[] = [
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
];
export const voteKept = "Vote kept.";
export const keptAndShown = "Vote kept. Names are shown.";

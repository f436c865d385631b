/** What the sheets use of the part that is fetched before them. */
import * as problem from "../problem";
import * as clips from "../results/clips";
import { shared as first } from "../shared";
import * as more from "../strings/more";
import * as clipActions from "./clip-actions";
import * as library from "./library";
import * as mediaOf from "./media-of";
import * as selectionBar from "./selection-bar";

/** By name, as the sheets ask for them; the build reads the names from here. */
export const shared = new Map<string, unknown>([
  ...first,
  ["problem", problem],
  ["results/clips", clips],
  ["strings/more", more],
  ["more/clip-actions", clipActions],
  ["more/library", library],
  ["more/media-of", mediaOf],
  ["more/selection-bar", selectionBar],
]);

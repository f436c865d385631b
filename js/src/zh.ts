/** A translation, as it is fetched. */

export { moreZh as compareMore } from "./compare/strings/more-zh";
export { zh as compare } from "./compare/strings/zh";

import { kernelZh } from "./strings/kernel-zh";
import { translator } from "./strings/translator";

export { moreZh as more } from "./strings/more-zh";
export { resultsZh as results } from "./strings/results-zh";
export { zh as first } from "./strings/zh";
export const said = translator(kernelZh);

/** A translation, as it is fetched. */

export { moreZh as more } from "./strings/more-zh";
export { resultsZh as results } from "./strings/results-zh";
export { zh as first } from "./strings/zh";

import type { ResultStrings } from "./index";
import { resultsEn } from "./results-en";
export const resultsZh: ResultStrings = resultsEn;

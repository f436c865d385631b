/** The texts of jobs and clips. */
import { translation } from "./index";
import { resultsEn } from "./results-en";

export const r = () => translation.value?.results ?? resultsEn;

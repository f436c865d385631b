import type { MoreStrings } from "./index";
import { moreEn } from "./more-en";
export const moreZh: MoreStrings = moreEn;

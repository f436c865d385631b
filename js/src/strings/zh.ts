import { en } from "./en";
import type { Strings } from "./index";
export const zh: Strings = en;

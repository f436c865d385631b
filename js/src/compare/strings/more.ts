/** The texts of the part that is fetched. */
import { translation } from "./index";
import { moreEn } from "./more-en";

export const m = () => translation.value?.compareMore ?? moreEn;

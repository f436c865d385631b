/** The part of the panel that is fetched: all but the form. */
import jobsCss from "../styles/jobs.css";
import moreCss from "../styles/more.css";

export { Bill } from "./bill";
export { RemixField } from "./clip-picker";
export { Drawers } from "./drawers";
export { Sheets } from "./fetch-sheets";
export { FileFields } from "./file-fields";
export { FilterFields } from "./filter-fields";
export { JobDetails } from "./job-details";
export { JobLogs } from "./job-logs";
export { onDrag, onPaste } from "./paste";
export { RequestAndCode } from "./request";
export { Results } from "./results";

export const css = jobsCss + moreCss;

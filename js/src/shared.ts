/** What the fetched part uses of the part that is there: one Preact, one set of signals, one of each. */
import * as signals from "@preact/signals-core";
import * as preact from "preact";
import * as component from "./component";
import * as fetched from "./fetched";
import * as kernel from "./kernel";
import * as ranges from "./ranges";
import * as select from "./select";
import * as strings from "./strings";

/** By name, as the fetched part asks for them; the build reads the names from here. */
export const shared = new Map<string, unknown>([
  ["@preact/signals-core", signals],
  ["preact", preact],
  ["component", component],
  ["fetched", fetched],
  ["kernel", kernel],
  ["ranges", ranges],
  ["select", select],
  ["strings", strings],
]);

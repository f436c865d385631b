/** What the fetched part of a comparison uses of the part that is there: one Preact, one of each. */
import { signal } from "@preact/signals-core";
import { Fragment, h } from "preact";
import { component } from "../component";
import { t, translation } from "./strings";
import { problemOf } from "./tile";

/** By name, as the fetched part asks for them; the build reads the names from here. */
export const shared = new Map<string, unknown>([
  ["preact", { Fragment, h }],
  ["@preact/signals-core", { signal }],
  ["component", { component }],
  ["compare/strings", { t, translation }],
  ["compare/tile", { problemOf }],
]);

/** Fetches the part of a comparison that is not on its first sight. */
import { signal } from "@preact/signals-core";
import { type ComponentChild, h } from "preact";
import { fetchBundle } from "../bundle";
import type { Kernel } from "../kernel";
import { shared } from "./shared";
import { t } from "./strings";

export type More = typeof import("./more");

/** Gives what shows something of that part, and fetches it when it is first shown. */
export function fetchMore(kernel: Kernel) {
  const part = signal<More | null>(null);
  const failure = signal("");
  let asked = false;
  const fetchIt = async () => {
    asked = true;
    try {
      const module = await fetchBundle(kernel, "compare-more.js");
      const make = module.default as (require: (name: string) => unknown) => More;
      part.value = make((name) => shared.get(name));
    } catch (error) {
      failure.value = String(error);
    }
  };
  return (show: (more: More) => ComponentChild, quiet = false): ComponentChild => {
    if (part.value) return [h("style", null, part.value.css), show(part.value)];
    if (!asked) void fetchIt();
    return quiet ? null : failure.value || t().loading(0);
  };
}

/** Fetches the part of a comparison that is not on its first sight. */
import { signal } from "@preact/signals-core";
import { type ComponentChild, Fragment, h } from "preact";
import { component } from "../component";
import type { Kernel } from "../kernel";

export type More = typeof import("./more");

/** What that part uses of this one, so that there is one Preact; by the names the build knows. */
const lent: Record<string, unknown> = { preact: { h, Fragment }, component: { component } };

/** Gives what shows something of that part, and fetches it when it is first shown. */
export function fetchMore(kernel: Kernel, loading: ComponentChild) {
  const part = signal<More | null>(null);
  const failure = signal("");
  let asked = false;
  const fetchIt = async () => {
    asked = true;
    try {
      const name = "compare-more.js";
      const { buffers } = await kernel.command<"read_bundle">({ kind: "read_bundle", name });
      const url = URL.createObjectURL(new Blob(buffers as BlobPart[], { type: "text/javascript" }));
      const module = await import(/* @vite-ignore */ url);
      URL.revokeObjectURL(url);
      part.value = module.default((name: string) => lent[name]);
    } catch (error) {
      failure.value = String(error);
    }
  };
  return (show: (more: More) => ComponentChild, quiet = false): ComponentChild => {
    if (part.value) return [h("style", null, part.value.css), show(part.value)];
    if (!asked) void fetchIt();
    return quiet ? null : failure.value || loading;
  };
}

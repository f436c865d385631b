/** What lies over the panel, fetched when the first of it is opened. */
import { type Signal, signal } from "@preact/signals-core";
import { fetchBundle } from "../bundle";
import { component } from "../component";
import type { PanelStore } from "../panel-store";
import { shared } from "./shared";

type Part = typeof import("../sheets/index");

const known = new WeakMap<PanelStore, Signal<Part | null>>();

export const Sheets = component<{ store: PanelStore }>(({ store }) => {
  const part = known.get(store) ?? fetched(store);
  return ({ store }) => part.value && <part.value.Sheets store={store} />;
});

function fetched(store: PanelStore): Signal<Part | null> {
  const part = signal<Part | null>(null);
  known.set(store, part);
  fetchBundle(store.kernel, "panel-sheets.js")
    .then((module) => {
      const make = module.default as (require: (name: string) => unknown) => Part;
      part.value = make((name) => shared.get(name));
    })
    .catch((error: unknown) => {
      // The next one that is opened tries again; a question that cannot be put is not answered.
      known.delete(store);
      store.sheet.value = null;
      store.asked.value?.answer("cancel");
      store.tell(error);
    });
  return part;
}

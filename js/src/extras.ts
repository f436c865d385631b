/** The parts of a widget that are not on its first sight, fetched from the kernel when wanted. */
import { signal } from "@preact/signals-core";
import { fetchBundle } from "./bundle";
import type { Kernel } from "./kernel";
import type { Language } from "./language";
import { shared } from "./shared";
import { type Translation, translation } from "./strings";

export type More = typeof import("./more/index");

export class Extras {
  /** The fetched part, once it is there. */
  readonly more = signal<More | null>(null);
  readonly failure = signal("");
  readonly #kernel: Kernel;
  #loading: Promise<void> | undefined;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Fetch the rest, once; a failure can be tried again. */
  load(): Promise<void> {
    this.#loading ??= fetchBundle(this.#kernel, "panel-more.js")
      .then((module) => {
        const make = module.default as (require: (name: string) => unknown) => More;
        this.more.value = make((name) => shared.get(name));
      })
      .catch((error: unknown) => {
        this.failure.value = error instanceof Error ? error.message : String(error);
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /** Read in another language, as far as the texts are the browser's. */
  async speak(language: Language): Promise<void> {
    if (language === "en") translation.value = null;
    else translation.value = (await fetchBundle(this.#kernel, "zh.js")) as unknown as Translation;
  }
}

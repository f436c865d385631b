/** The parts of a widget that are not on its first sight, fetched from the kernel when wanted. */
import { signal } from "@preact/signals-core";
import type { Kernel } from "./kernel";
import { shared } from "./shared";
import { type Translation, translation } from "./strings";

export type More = typeof import("./more/index");

const LANGUAGE_KEY = "qcut_nb.language";
export type Language = "en" | "zh";

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
    this.#loading ??= this.#import("panel-more.js")
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
    else translation.value = (await this.#import("zh.js")) as unknown as Translation;
  }

  /** The language that was chosen here, else the browser's where there is a translation. */
  static language(): Language {
    const asked = remembered() ?? navigator.language;
    return asked.startsWith("zh") ? "zh" : "en";
  }

  static remember(language: Language): void {
    try {
      localStorage.setItem(LANGUAGE_KEY, language);
    } catch {
      // No storage in this frame: the choice holds until the page is loaded again.
    }
  }

  async #import(name: string): Promise<Record<string, unknown>> {
    const { buffers } = await this.#kernel.command<"read_bundle">({ kind: "read_bundle", name });
    const url = URL.createObjectURL(new Blob(buffers as BlobPart[], { type: "text/javascript" }));
    try {
      return await import(/* @vite-ignore */ url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

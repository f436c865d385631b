/** The input files of the form, from the moment they are named until the kernel has checked them. */
import { signal } from "@preact/signals-core";
import { type Kernel, RefusedError } from "./kernel";
import type { FileKind, Problem } from "./messages.gen";

export interface PickedFile {
  label: string;
  source?: string;
  facts?: string;
  thumbnail?: string;
  /** Part that reached the kernel, while it is on its way. */
  sent?: number;
  problem?: Problem;
}

interface Checked {
  source: string;
  label: string;
  facts: string;
  buffers: DataView[];
}

export class InputFiles {
  readonly picked = signal<Record<string, PickedFile>>({});
  readonly #kernel: Kernel;
  readonly #urls: string[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Take a file of the browser's, which `send` brings to the kernel. */
  async receive(
    name: string,
    kind: FileKind,
    file: File,
    send: (kernel: Kernel, onProgress: (sent: number) => void) => Promise<Checked>,
  ): Promise<void> {
    const picked: PickedFile = { label: file.name, sent: 0 };
    if (kind === "image") picked.thumbnail = this.#url(file);
    await this.#check(name, picked, () =>
      send(this.#kernel, (sent) => this.#patch(name, picked.label, { sent })),
    );
  }

  /** Take a path on the kernel's machine, or a URL. */
  async point(name: string, kind: FileKind, source: string): Promise<void> {
    const label = source.split(/[\\/]/).pop() || source;
    await this.#check(name, { label }, () =>
      this.#kernel.command<"check_file">({ kind: "check_file", file_kind: kind, source }),
    );
  }

  /** Take what the kernel makes for this, such as a frame of a clip. */
  async take(name: string, label: string, ask: () => Promise<Checked>): Promise<void> {
    await this.#check(name, { label }, async () => ({ ...(await ask()), label }));
  }

  drop(name: string): void {
    const { [name]: _gone, ...others } = this.picked.value;
    this.picked.value = others;
  }

  close(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
  }

  async #check(name: string, picked: PickedFile, ask: () => Promise<Checked>): Promise<void> {
    this.picked.value = { ...this.picked.value, [name]: picked };
    try {
      const { source, label, facts, buffers } = await ask();
      const small = buffers[0] as DataView<ArrayBuffer> | undefined;
      const thumbnail = small
        ? this.#url(new Blob([small], { type: "image/jpeg" }))
        : picked.thumbnail;
      if (this.picked.value[name]?.label !== picked.label) return; // replaced meanwhile
      const checked: PickedFile = { label, source, facts, ...(thumbnail && { thumbnail }) };
      this.picked.value = { ...this.picked.value, [name]: checked };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#patch(name, picked.label, { problem: error.problem });
    }
  }

  #patch(name: string, label: string, patch: Partial<PickedFile>): void {
    const file = this.picked.value[name];
    if (file?.label !== label) return;
    this.picked.value = { ...this.picked.value, [name]: { ...file, ...patch } };
  }

  #url(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#urls.push(url);
    return url;
  }
}

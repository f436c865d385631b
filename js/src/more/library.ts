/** What a person does with clips: the commands, and what the panel shows of them meanwhile. */
import { signal } from "@preact/signals-core";
import { servedUrl, windowed } from "../media";
import { CHUNK_BYTES, type ClipCard, type Mode } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { m } from "../strings/more";
import { mediaOf } from "./media-of";

const ZIP_WINDOW = 8;

export class Library {
  readonly selected = signal<readonly string[]>([]);
  /** What was deleted last, until it is undone or passed over. */
  readonly deleted = signal<readonly string[]>([]);
  /** What is under way or was done, for people. */
  readonly said = signal("");

  constructor(readonly store: PanelStore) {}

  select(id: string, on: boolean): void {
    const others = this.selected.value.filter((other) => other !== id);
    this.selected.value = on ? [...others, id] : others;
  }

  rename(clip: ClipCard, title: string): Promise<void> {
    const named = title.trim();
    return this.#do(() =>
      this.store.kernel.command<"rename_clip">({
        kind: "rename_clip",
        clip_id: clip.id,
        ...(named && { title: named }),
      }),
    );
  }

  rate(clip: ClipCard, rating: number | undefined): Promise<void> {
    return this.#do(() =>
      this.store.kernel.command<"rate_clip">({
        kind: "rate_clip",
        clip_id: clip.id,
        ...(rating !== undefined && { rating }),
      }),
    );
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#do(async () => {
      await this.store.kernel.command<"delete_clips">({ kind: "delete_clips", clip_ids: [...ids] });
      this.selected.value = this.selected.value.filter((id) => !ids.includes(id));
      this.deleted.value = ids;
      this.said.value = m().deletedClips(ids.length);
    });
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.#do(async () => {
      await this.store.kernel.command<"restore_clips">({
        kind: "restore_clips",
        clip_ids: [...ids],
      });
      this.deleted.value = [];
      this.said.value = m().restoredClips(ids.length);
    });
  }

  setTimeline(ids: readonly string[]): Promise<void> {
    return this.#do(() =>
      this.store.kernel.command<"set_timeline">({ kind: "set_timeline", clip_ids: [...ids] }),
    );
  }

  addToTimeline(ids: readonly string[]): Promise<void> {
    this.said.value = m().addedToTimeline(ids.length);
    const listed = this.store.live.timeline.value.map(({ id }) => id);
    return this.setTimeline([...listed, ...ids]);
  }

  /** Put what a job was asked with into the form. */
  recall(jobId: string, focus: "generate" | "prompt"): Promise<void> {
    const { form } = this.store;
    const before = form.prompt.value;
    return this.#do(async () => {
      const { wish: found, missing } = await this.store.kernel.command<"recall">({
        kind: "recall",
        job_id: jobId,
      });
      // Words that were typed while the kernel was busy win.
      const typed = form.prompt.value;
      const wish = typed === before ? found : { ...found, prompt: typed };
      form.recall(wish, { ...form.ticked.value, [wish.mode]: wish.models });
      this.said.value = missing.length > 0 ? m().recalledWithout(missing) : m().recalled;
      this.store.focusOn(focus);
    });
  }

  /** Use a frame of a clip as an input picture. */
  useFrame(clip: ClipCard, at: number | "first" | "last", field: string, mode?: Mode): void {
    if (mode) this.store.form.mode.value = mode;
    void this.store.files.take(field, m().frameOf(clip.title ?? clip.model_name, at), () =>
      this.store.kernel.command<"use_frame">({ kind: "use_frame", clip_id: clip.id, at }),
    );
    this.store.focusOn(field);
  }

  /** Use a clip itself as an input video. */
  useClip(clip: ClipCard, field: string, mode?: Mode): void {
    if (mode) this.store.form.mode.value = mode;
    void this.store.files.take(field, clip.title ?? clip.name, () =>
      this.store.kernel.command<"use_clip">({ kind: "use_clip", clip_id: clip.id }),
    );
    this.store.focusOn(field);
  }

  remix(clip: ClipCard): void {
    this.store.form.mode.value = "remix";
    this.store.form.remixOf.value = { id: clip.id, label: clip.title ?? clip.name };
    this.store.focusOn("prompt");
  }

  /** Give a clip's file to the browser's downloads. */
  download(clip: ClipCard): Promise<void> {
    return this.#do(async () => {
      const url = await mediaOf(this.store).clipUrl(clip, (part) => {
        this.said.value = m().fetchingPercent(Math.floor(part * 100));
      });
      this.said.value = "";
      save(url, clip.file_name);
    });
  }

  /** Make a ZIP of clips and their recipes, and give it to the browser's downloads. */
  downloadZip(ids: readonly string[]): Promise<void> {
    return this.#do(async () => {
      this.said.value = m().zipping(ids.length);
      const zip = await this.store.kernel.command<"make_zip">({
        kind: "make_zip",
        clip_ids: [...ids],
      });
      const served = await servedUrl(zip);
      save(served ?? (await this.#readZip(zip.file_name, zip.size_bytes)), zip.file_name);
      this.said.value = m().zipped(zip.clip_count, zip.path);
    });
  }

  async #readZip(file_name: string, size: number): Promise<string> {
    const count = Math.max(1, Math.ceil(size / CHUNK_BYTES));
    const parts = new Array<BlobPart>(count);
    await windowed(count, ZIP_WINDOW, async (index) => {
      const { buffers } = await this.store.kernel.command<"read_zip">({
        kind: "read_zip",
        file_name,
        offset: index * CHUNK_BYTES,
      });
      parts[index] = buffers[0] as BlobPart;
    });
    const url = URL.createObjectURL(new Blob(parts, { type: "application/zip" }));
    this.store.onClose(() => URL.revokeObjectURL(url));
    return url;
  }

  async #do(what: () => Promise<unknown>): Promise<void> {
    try {
      await what();
    } catch (error) {
      this.said.value = "";
      this.store.tell(error);
    }
  }
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

const known = new WeakMap<PanelStore, Library>();

/** The one library of a panel. */
export function libraryOf(store: PanelStore): Library {
  const there = known.get(store) ?? new Library(store);
  known.set(store, there);
  return there;
}

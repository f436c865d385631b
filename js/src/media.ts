/** Media on their way: clips to the browser, files to the kernel. */
import type { Kernel, ReplyTo } from "./kernel";
import { CHUNK_BYTES, type ClipCard, type FileKind } from "./messages.gen";

const CLIP_WINDOW = 8;
const UPLOAD_WINDOW = 4;

/** Runs tasks with at most `limit` under way; the first failure ends it. */
export async function windowed(
  count: number,
  limit: number,
  task: (index: number) => Promise<void>,
) {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}

/** What has to be known of a file to fetch it. */
export type MediaFile = Pick<
  ClipCard,
  "id" | "version" | "size_bytes" | "file_name" | "files_path"
>;

/** Gives clips and posters URLs, each once. */
export class Media {
  readonly #kernel: Kernel;
  readonly #urls = new Map<string, Promise<string>>();
  readonly #blobs: string[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** A URL that plays: the Jupyter server's when it gives the very file, else a copy of its bytes. */
  clipUrl(clip: MediaFile, onProgress: (fraction: number) => void = () => {}): Promise<string> {
    return this.#once(`clip:${clip.id}:${clip.version}`, async () => {
      const served = await servedUrl(clip);
      return served ?? this.#blobUrl(await this.#readClip(clip, onProgress));
    });
  }

  posterUrl(clip: MediaFile): Promise<string> {
    return this.#once(`poster:${clip.id}:${clip.version}`, async () => {
      const reply = await this.#kernel.command<"read_poster">({
        kind: "read_poster",
        clip_id: clip.id,
      });
      return this.#blobUrl(new Blob(reply.buffers as BlobPart[], { type: "image/jpeg" }));
    });
  }

  close(): void {
    for (const url of this.#blobs) URL.revokeObjectURL(url);
    this.#urls.clear();
  }

  #once(key: string, make: () => Promise<string>): Promise<string> {
    const known = this.#urls.get(key);
    if (known) return known;
    const made = make();
    this.#urls.set(key, made);
    made.catch(() => this.#urls.delete(key));
    return made;
  }

  #blobUrl(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#blobs.push(url);
    return url;
  }

  async #readClip(clip: MediaFile, onProgress: (fraction: number) => void): Promise<Blob> {
    const count = Math.max(1, Math.ceil(clip.size_bytes / CHUNK_BYTES));
    const parts = new Array<BlobPart>(count);
    let arrived = 0;
    await windowed(count, CLIP_WINDOW, async (index) => {
      const reply = await this.#kernel.command<"read_clip">({
        kind: "read_clip",
        clip_id: clip.id,
        offset: index * CHUNK_BYTES,
      });
      parts[index] = chunkOf(clip, reply);
      arrived += 1;
      onProgress(arrived / count);
    });
    return new Blob(parts, { type: "video/mp4" });
  }
}

function chunkOf(clip: MediaFile, reply: ReplyTo<"read_clip">): BlobPart {
  const data = reply.buffers[0];
  const expected = Math.min(CHUNK_BYTES, clip.size_bytes - reply.offset);
  if (reply.version !== clip.version || data?.byteLength !== expected) {
    throw new Error(`${clip.file_name} changed while it was being read`);
  }
  return data as DataView<ArrayBuffer>;
}

/** The server's URL of a clip, if a one-byte request shows that it is this file. */
export async function servedUrl(
  clip: Pick<ClipCard, "files_path" | "size_bytes">,
): Promise<string | null> {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  if (!config || !clip.files_path) return null;
  const base = (JSON.parse(config) as { baseUrl?: string }).baseUrl ?? "/";
  const path = clip.files_path.split("/").map(encodeURIComponent).join("/");
  const url = new URL(`${base.replace(/\/?$/, "/")}files/${path}`, location.href).href;
  try {
    const answer = await fetch(url, { headers: { Range: "bytes=0-0" } });
    await answer.body?.cancel();
    const size = answer.headers.get("Content-Range")?.split("/")[1];
    return answer.status === 206 && Number(size) === clip.size_bytes ? url : null;
  } catch {
    return null; // not reachable from here: the kernel sends the bytes
  }
}

/** Sends a file to the kernel, which checks it. */
export async function uploadFile(
  kernel: Kernel,
  kind: FileKind,
  file: File,
  onProgress: (fraction: number) => void,
): Promise<ReplyTo<"close_upload">> {
  const opened = await kernel.command<"open_upload">({
    kind: "open_upload",
    file_kind: kind,
    name: file.name,
    size_bytes: file.size,
  });
  const count = Math.ceil(file.size / opened.chunk_bytes);
  let written = 0;
  await windowed(count, UPLOAD_WINDOW, async (index) => {
    const offset = index * opened.chunk_bytes;
    const part = await file.slice(offset, offset + opened.chunk_bytes).arrayBuffer();
    await kernel.command<"write_upload">(
      { kind: "write_upload", upload_id: opened.upload_id, offset },
      [part],
    );
    written += 1;
    onProgress(written / count);
  });
  return kernel.command<"close_upload">({ kind: "close_upload", upload_id: opened.upload_id });
}

/** Commands and media over a wire that loses messages. */
import { describe, expect, test } from "vitest";
import { Kernel, RefusedError } from "../src/kernel";
import { Media, uploadFile } from "../src/media";
import { CHUNK_BYTES, type ClipCard, type Command } from "../src/messages.gen";
import { answering, clip as card, FakeModel } from "./fake-model";

const RETRY_MS = 20;

function bytes(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 12)) % 251);
}

/** Loses the first try of every command. */
function losing(answer: (command: Command) => ReturnType<typeof answering>) {
  const seen = new Set<string>();
  return (command: Command) => {
    if (seen.has(command.id)) return answer(command);
    seen.add(command.id);
    return null;
  };
}

describe("a command", () => {
  test("whose reply is lost is sent again under the same id, and answered once", async () => {
    const model = new FakeModel({}, losing(answering));
    const kernel = new Kernel(model, () => {}, RETRY_MS);
    const reply = await kernel.command<"generate">({
      kind: "generate",
      reuse: "ask",
      wish: { mode: "text", prompt: "a", models: [], files: {}, overrides: {} },
    });
    expect(reply).toMatchObject({ kind: "accepted", batch_id: "b1" });
    expect(model.sent).toHaveLength(2);
    expect(new Set(model.sent.map((command) => command.id)).size).toBe(1);
    kernel.close();
  });

  test("that is refused fails with the problem and its field", async () => {
    const problem = { what: "No.", money: "", remedy: "", actions: [] };
    const refusal = { kind: "refused", problem, field: "prompt" } as const;
    const kernel = new Kernel(new FakeModel({}, () => ({ reply: refusal })), () => {});
    const failed = await kernel.command<"refresh">({ kind: "refresh" }).catch((error) => error);
    expect(failed).toBeInstanceOf(RefusedError);
    expect(failed).toMatchObject({ problem, field: "prompt" });
    kernel.close();
  });

  test("that waits for long is said to wait", async () => {
    const model = new FakeModel({}, losing(answering));
    const kernel = new Kernel(model, () => {}, RETRY_MS);
    const silences: boolean[] = [];
    kernel.silent.subscribe((silent) => silences.push(silent));
    await kernel.command<"cancel_job">({ kind: "cancel_job", job_id: "j" });
    expect(silences).toEqual([false, true, false]);
    kernel.close();
  });
});

describe("media", () => {
  const content = bytes(2 * CHUNK_BYTES + 1234);
  const clip: ClipCard = { ...card, size_bytes: content.length };

  test("a clip is whole though every message was lost once", async () => {
    const model = new FakeModel(
      {},
      losing((command) => {
        if (command.kind !== "read_clip") return null;
        const { offset, clip_id } = command;
        const part = content.slice(offset, offset + CHUNK_BYTES).buffer;
        const total_bytes = content.length;
        const reply = { kind: "clip_chunk", clip_id, version: "1", offset, total_bytes } as const;
        return { reply, buffers: [part] };
      }),
    );
    const kernel = new Kernel(model, () => {}, RETRY_MS);
    const media = new Media(kernel);
    const url = await media.clipUrl(clip);
    const arrived = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(arrived.length).toBe(content.length);
    expect(arrived.every((byte, at) => byte === content[at])).toBe(true);
    expect(await media.clipUrl(clip)).toBe(url);
    media.close();
    kernel.close();
  });

  test("a file reaches the kernel in parts of at most a chunk", async () => {
    const offsets: number[] = [];
    const model = new FakeModel({}, (command) => {
      if (command.kind === "open_upload") {
        return { reply: { kind: "upload_opened", upload_id: "u", chunk_bytes: CHUNK_BYTES } };
      }
      if (command.kind === "write_upload") {
        offsets.push(command.offset);
        return { reply: { kind: "upload_written", upload_id: "u", offset: command.offset } };
      }
      return {
        reply: {
          kind: "file_checked",
          file_kind: "image",
          source: "/in/a.png",
          label: "a.png",
          facts: "",
        },
      };
    });
    const kernel = new Kernel(model, () => {});
    const progress: number[] = [];
    const file = new File([content], "a.png");
    const checked = await uploadFile(kernel, "image", file, (part) => progress.push(part));
    expect(checked.source).toBe("/in/a.png");
    expect(offsets.sort((a, b) => a - b)).toEqual([0, CHUNK_BYTES, 2 * CHUNK_BYTES]);
    const sizes = model.buffersSent.map((part) => part.byteLength);
    expect(sizes.sort((a, b) => b - a)).toEqual([CHUNK_BYTES, CHUNK_BYTES, 1234]);
    expect(progress.at(-1)).toBe(1);
    kernel.close();
  });
});

/** The way to the kernel: commands up, exactly one reply each, events down. */
import { signal } from "@preact/signals-core";
import type { Command, Event, Problem, Refused, Reply } from "./messages.gen";

/** The part of anywidget's host API that is used. */
export interface WidgetModel {
  get(name: string): unknown;
  send(content: unknown, callbacks?: unknown, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  on(name: string, callback: (message: unknown, buffers: DataView[]) => void): void;
  off(name: string, callback: (message: unknown, buffers: DataView[]) => void): void;
}

type Body<C> = C extends Command ? Omit<C, "id"> : never;
/** The reply to each kind of command; what is not named here is `done`. */
interface Answers {
  refresh: "snapshot";
  price: "priced";
  generate: "accepted" | "question";
  read_python: "python_text";
  read_logs: "logs";
  read_details: "job_details";
  read_poster: "poster";
  read_clip: "clip_chunk";
  check_file: "file_checked";
  use_frame: "file_checked";
  use_clip: "file_checked";
  open_upload: "upload_opened";
  write_upload: "upload_written";
  close_upload: "file_checked";
  read_history: "history_page";
  recall: "recalled";
  make_zip: "zip";
  read_zip: "zip_chunk";
  set_key: "key_set";
  set_mode: "snapshot" | "question";
  read_bundle: "bundle";
  read_comparison: "comparison";
  make_preview: "preview_state";
}
type Answered<C extends Command["kind"]> = C extends keyof Answers ? Answers[C] : "done";
export type ReplyTo<C extends Command["kind"]> = Extract<Reply, { kind: Answered<C> }> & {
  buffers: DataView[];
};

/** The kernel said no. */
export class RefusedError extends Error {
  readonly problem: Problem;
  readonly field: string | undefined;

  constructor(refused: Refused) {
    super(refused.problem.what);
    this.problem = refused.problem;
    this.field = refused.field;
  }
}

interface Pending {
  resolve(reply: Reply & { buffers: DataView[] }): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

const SILENT_MS = 4_000;
const LONGEST_WAIT_MS = 30_000;

export class Kernel {
  /** Whether a command has waited for long. */
  readonly silent = signal(false);
  readonly #model: WidgetModel;
  readonly #pending = new Map<string, Pending>();
  readonly #onEvent: (event: Event) => void;
  readonly #firstWaitMs: number;

  constructor(model: WidgetModel, onEvent: (event: Event) => void, firstWaitMs = SILENT_MS) {
    this.#model = model;
    this.#onEvent = onEvent;
    this.#firstWaitMs = firstWaitMs;
    model.on("msg:custom", this.#receive);
  }

  /**
   * Send a command and wait for its reply. It is sent again, under the same id, while no reply
   * comes: the server may drop any message, and the kernel carries an id out once.
   */
  command<C extends Command["kind"]>(
    body: Body<Extract<Command, { kind: C }>>,
    buffers: ArrayBuffer[] = [],
  ): Promise<ReplyTo<C>> {
    const id = newId();
    return new Promise<ReplyTo<C>>((resolve, reject) => {
      const transmit = (waitMs: number) => {
        try {
          this.#model.send({ ...body, id }, undefined, buffers);
        } catch {
          // The kernel is being restarted: as good as lost, and sent again.
        }
        return setTimeout(() => {
          this.silent.value = true;
          const waiting = this.#pending.get(id);
          if (waiting) waiting.timer = transmit(Math.min(waitMs * 2, LONGEST_WAIT_MS));
        }, waitMs);
      };
      const pending: Pending = {
        resolve: resolve as Pending["resolve"],
        reject,
        timer: 0 as never,
      };
      this.#pending.set(id, pending);
      pending.timer = transmit(this.#firstWaitMs);
    });
  }

  close(): void {
    this.#model.off("msg:custom", this.#receive);
    for (const { timer } of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  readonly #receive = (message: unknown, buffers: DataView[]) => {
    const content = message as Event | Reply;
    this.silent.value = false;
    if (content.kind === "changed") {
      this.#onEvent(content);
      return;
    }
    const pending = this.#pending.get(content.id);
    if (!pending) return; // answered twice, because it was asked twice
    this.#pending.delete(content.id);
    clearTimeout(pending.timer);
    if (content.kind === "refused") pending.reject(new RefusedError(content));
    else pending.resolve(Object.assign(content, { buffers: buffers ?? [] }));
  };
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** A widget model as anywidget gives it: get, set, save_changes, on, off, send; and a kernel. */
import bundles from "virtual:bundles";
import type { WidgetModel } from "../src/kernel";
import type {
  ClipCard,
  Command,
  Event,
  JobLine,
  ModelRow,
  Offer,
  ParameterRow,
  Reply,
  State,
} from "../src/messages.gen";

type Listener = (message: unknown, buffers: DataView[]) => void;
type Answer = { reply: DistributiveOmit<Reply, "id">; buffers?: ArrayBuffer[] } | null;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export class FakeModel implements WidgetModel {
  readonly sent: Command[] = [];
  readonly buffersSent: ArrayBuffer[] = [];
  readonly #traits: Record<string, unknown>;
  readonly #listeners = new Map<string, Set<Listener>>();

  /** @param answer What the kernel says to a command; `null` when the message gets lost. */
  constructor(
    traits: Record<string, unknown>,
    readonly answer: (command: Command, nth: number) => Answer,
  ) {
    this.#traits = traits;
  }

  get(name: string): unknown {
    return this.#traits[name];
  }

  set(name: string, value: unknown): void {
    this.#traits[name] = value;
  }

  save_changes(): void {}

  on(name: string, callback: Listener): void {
    const known = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, known.add(callback));
  }

  off(name: string, callback: Listener): void {
    this.#listeners.get(name)?.delete(callback);
  }

  send(content: unknown, _callbacks?: unknown, buffers: (ArrayBuffer | ArrayBufferView)[] = []) {
    // The wire is JSON: what is not JSON would not arrive.
    const command = JSON.parse(JSON.stringify(content)) as Command;
    this.sent.push(command);
    this.buffersSent.push(...(buffers as ArrayBuffer[]));
    const answer = this.answer(command, this.sent.length - 1);
    if (answer === null) return;
    const message = { ...answer.reply, id: command.id } as Reply;
    setTimeout(() => this.receive(message, answer.buffers));
  }

  /** A message from the kernel. */
  receive(message: Reply | Event, buffers: ArrayBuffer[] = []): void {
    const views = buffers.map((buffer) => new DataView(buffer));
    for (const listener of this.#listeners.get("msg:custom") ?? []) listener(message, views);
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  sentOf<K extends Command["kind"]>(kind: K): Extract<Command, { kind: K }>[] {
    return this.sent.filter((c): c is Extract<Command, { kind: K }> => c.kind === kind);
  }
}

const parameter = (row: Partial<ParameterRow> & { name: string }): ParameterRow => ({
  type: "string",
  shared: true,
  required: false,
  note: "",
  ...row,
});

const model = (row: Partial<ModelRow> & { id: string; name: string }): ModelRow => ({
  provider: row.name,
  mode: "text",
  endpoint: `fal-ai/${row.id}`,
  life_cycle: "active",
  list_price: "$1",
  price_source: "a page",
  price_checked_on: "2026-08-02",
  expected_from: "published",
  expected_runs: 0,
  sound: "never",
  use_cases: [],
  files: [],
  parameters: [parameter({ name: "prompt", required: true })],
  remixes: false,
  cues: [],
  notes: [],
  ...row,
});

export const state: State = {
  kind: "state",
  now_s: Date.now() / 1000,
  project: "teaser",
  mode: "simulated",
  money: { spent_usd: "0", today_usd: "0", reserved_usd: "0", unknown_jobs: 0 },
  modes: ["text", "image"],
  models: [
    model({
      id: "kling",
      name: "Kling",
      cues: ["[Pan left]"],
      parameters: [
        parameter({ name: "prompt", required: true, max_length: 40 }),
        parameter({ name: "duration_s", type: "integer", choices: [5, 10], default: 5 }),
        parameter({
          name: "cfg_scale",
          type: "number",
          shared: false,
          minimum: 0,
          maximum: 1,
          default: 0.5,
        }),
      ],
    }),
    model({
      id: "veo",
      name: "Veo",
      provider: "Google",
      sound: "setting",
      use_cases: ["With Audio"],
      parameters: [
        parameter({ name: "prompt", required: true, max_length: 2000 }),
        parameter({ name: "duration_s", choices: [4, 6, 8], default: 8 }),
        parameter({ name: "audio", type: "boolean", default: true }),
      ],
    }),
    model({
      id: "sora",
      name: "Sora",
      provider: "OpenAI",
      life_cycle: "retired",
      retired_on: "2026-09-24",
      sound: "always",
    }),
  ],
  choice: {
    wish: { mode: "text", prompt: "", models: [], files: {}, overrides: {} },
    models_by_mode: {},
    favourites: [],
    sort: "",
  },
  jobs: [],
  clips: [],
  clip_count: 0,
  timeline: [],
  static_class: "qcut-static-1",
};

export const job: JobLine = {
  id: "j1",
  batch_id: "b1",
  model_id: "kling",
  model_name: "Kling",
  prompt: "a cat",
  state: "queued",
  queue_position: 2,
  created_at: Date.now() / 1000,
  received_bytes: 0,
  log_lines: 1,
  quote: { kind: "exact", text: "$0.35", detail: "", source: "" },
  will_send: [],
  mode: "simulated",
  expected_from: "published",
  expected_runs: 0,
  cost: "",
  reused: false,
  lost_contact: false,
  settled: false,
};

export const clip: ClipCard = {
  id: "c1",
  job_id: "j1",
  name: "AI (Kling): a cat",
  model_id: "kling",
  model_name: "Kling",
  mode: "text",
  run_mode: "simulated",
  prompt: "<img src=x onerror=alert(1)>",
  created_at: 1,
  file_name: "ai-kling-1.mp4",
  cost: "$0.35",
  deleted: false,
  remixable: false,
  has_sound: false,
  size_bytes: 10,
  version: "1",
};

const offer = (model_id: string, usd: string, more: Partial<Offer> = {}): Offer => ({
  model_id,
  endpoint: `fal-ai/${model_id}`,
  quote: { kind: "exact", text: `$${usd}`, low_usd: usd, high_usd: usd, detail: "", source: "" },
  will_send: [],
  problems: [],
  body: {},
  inputs: [],
  ...more,
});

export const offers: Record<string, Offer> = {
  kling: offer("kling", "0.35", { body: { prompt: "old", duration: "5" } }),
  veo: offer("veo", "0.90", {
    will_send: [{ name: "duration_s", asked: 5, sent: 6, why: "it takes 4, 6 or 8 s" }],
  }),
  sora: offer("sora", "0", {
    quote: { kind: "unknown", text: "price unknown", detail: "", source: "" },
  }),
};

/** A kernel that works. */
export function answering(command: Command): Answer {
  switch (command.kind) {
    case "price":
      return {
        reply: {
          kind: "priced",
          offers: command.wish.models.flatMap((id) => offers[id] ?? []),
        },
      };
    case "generate":
      return { reply: { kind: "accepted", batch_id: "b1" } };
    case "read_bundle": {
      const bytes = new TextEncoder().encode(bundles[command.name]).buffer;
      return { reply: { kind: "bundle", name: command.name }, buffers: [bytes] };
    }
    case "read_logs":
      return { reply: { kind: "logs", lines: ["<b>loading</b>", "step 2"] } };
    case "read_poster":
      return { reply: { kind: "poster", clip_id: command.clip_id }, buffers: [new ArrayBuffer(4)] };
    case "read_history":
      return { reply: { kind: "history_page", clips: [clip], total: 1, models: ["kling"] } };
    case "read_python":
      return { reply: { kind: "python_text", text: "batch = studio.generate()" } };
    default:
      return { reply: { kind: "done" } };
  }
}

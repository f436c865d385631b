/** A widget model as anywidget gives it: get, set, save_changes, on, off, send; and a kernel. */
import type { WidgetModel } from "../src/kernel";
import type { Command, Event, Offer, Reply, State } from "../src/messages.gen";

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

export const state: State = {
  kind: "state",
  now_s: Date.now() / 1000,
  project: "teaser",
  mode: "simulated",
  spent_usd: "0",
  modes: ["text", "image"],
  models: [
    {
      id: "kling",
      name: "Kling",
      provider: "Kling",
      mode: "text",
      life_cycle: "active",
      list_price: "0.35",
      sound: "never",
      use_cases: [],
      files: [],
      parameters: [
        { name: "prompt", type: "string", required: true, max_length: 40 },
        { name: "duration_s", type: "integer", required: false, choices: [5, 10], default: 5 },
      ],
    },
    {
      id: "veo",
      name: "Veo",
      provider: "Google",
      mode: "text",
      life_cycle: "active",
      list_price: "0.90",
      sound: "setting",
      use_cases: [],
      files: [],
      parameters: [
        { name: "prompt", type: "string", required: true, max_length: 2000 },
        { name: "duration_s", type: "string", required: false, choices: [4, 6, 8], default: 8 },
        { name: "audio", type: "boolean", required: false, default: true },
      ],
    },
    {
      id: "sora",
      name: "Sora",
      provider: "OpenAI",
      mode: "text",
      life_cycle: "retired",
      retired_on: "2026-09-24",
      list_price: "1.00",
      sound: "always",
      use_cases: [],
      files: [],
      parameters: [{ name: "prompt", type: "string", required: true }],
    },
  ],
  choice: {
    wish: { mode: "text", prompt: "", models: [], files: {}, overrides: {} },
    models_by_mode: {},
  },
  jobs: [],
  clips: [],
  clip_count: 0,
  static_class: "qcut-static-1",
};

export const offers: Record<string, Offer> = {
  kling: {
    model_id: "kling",
    quote: {
      kind: "exact",
      text: "$0.35",
      low_usd: "0.35",
      high_usd: "0.35",
      detail: "",
      source: "",
    },
    will_send: [],
    problems: [],
    body: {},
  },
  veo: {
    model_id: "veo",
    quote: {
      kind: "exact",
      text: "$0.90",
      low_usd: "0.90",
      high_usd: "0.90",
      detail: "",
      source: "",
    },
    will_send: [{ name: "duration_s", asked: 5, sent: 6, why: "it takes 4, 6 or 8 s" }],
    problems: [],
    body: {},
  },
  sora: {
    model_id: "sora",
    quote: { kind: "unknown", text: "price unknown", detail: "", source: "" },
    will_send: [],
    problems: [],
    body: {},
  },
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
    case "read_logs":
      return { reply: { kind: "logs", lines: ["<b>loading</b>"] } };
    case "read_poster":
      return { reply: { kind: "poster", clip_id: command.clip_id }, buffers: [new ArrayBuffer(4)] };
    default:
      return { reply: { kind: "done" } };
  }
}

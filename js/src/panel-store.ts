/** The state of one panel; shared by all its views. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import { type Kernel, RefusedError } from "./kernel";
import type { Live } from "./live";
import type { Media } from "./media";
import { uploadFile } from "./media";
import type { FileKind, Mode, ModelRow, Offer, Problem, State, Wish } from "./messages.gen";
import { type Total, totalOf } from "./money";
import { lengthOf, promptLimit } from "./options";
import * as strings from "./strings";

export interface Settings {
  duration_s?: number;
  resolution?: string;
  aspect_ratio?: string;
  audio?: boolean;
  seed?: number;
  fps?: number;
  negative_prompt?: string;
}

/** An input file, from the moment it is named. */
export interface PickedFile {
  label: string;
  source?: string;
  facts?: string;
  thumbnail?: string;
  /** Part that reached the kernel, while it is on its way. */
  sent?: number;
  problem?: Problem;
}

/** Why Generate cannot go yet, and where. */
export interface Reason {
  field: string;
  text: string;
}

const PRICE_DELAY_MS = 60;
const REMEMBER_DELAY_MS = 600;

export class PanelStore {
  readonly mode = signal<Mode>("text");
  readonly prompt = signal("");
  readonly ticked = signal<Record<string, string[]>>({});
  readonly settings = signal<Settings>({});
  readonly files = signal<Record<string, PickedFile>>({});
  readonly offers = signal<ReadonlyMap<string, Offer>>(new Map());
  /** Whether the offers are those of the form as it stands. */
  readonly priced = signal(false);
  readonly starting = signal(false);
  readonly notice = signal<Problem | null>(null);

  readonly rows: ReadonlySignal<ModelRow[]>;
  readonly selected: ReadonlySignal<ModelRow[]>;
  readonly limit: ReadonlySignal<{ max: number; name: string } | undefined>;
  readonly wish: ReadonlySignal<Wish>;
  readonly total: ReadonlySignal<Total>;
  readonly reason: ReadonlySignal<Reason | null>;

  readonly #stops: (() => void)[] = [];
  #priceRound = 0;

  constructor(
    readonly state: State,
    readonly kernel: Kernel,
    readonly live: Live,
    readonly media: Media,
  ) {
    this.#restore();
    this.rows = computed(() => state.models.filter((row) => row.mode === this.mode.value));
    this.selected = computed(() => {
      const ids = this.ticked.value[this.mode.value] ?? [];
      return this.rows.value.filter((row) => ids.includes(row.id));
    });
    this.limit = computed(() => promptLimit(this.selected.value));
    this.wish = computed(() => this.#wish());
    this.total = computed(() => {
      const offers = this.selected.value.map((row) => this.offers.value.get(row.id));
      return totalOf(offers.flatMap((offer) => (offer ? [offer.quote] : [])));
    });
    this.reason = computed(() => this.#reason());
    this.#stops.push(this.#keepPriced(), this.#keepRemembered());
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  tick(id: string, on: boolean): void {
    const mode = this.mode.value;
    const others = (this.ticked.value[mode] ?? []).filter((other) => other !== id);
    this.ticked.value = { ...this.ticked.value, [mode]: on ? [...others, id] : others };
  }

  set<K extends keyof Settings>(name: K, value: Settings[K] | undefined): void {
    const { [name]: _old, ...others } = this.settings.value;
    this.settings.value = value === undefined ? others : { ...others, [name]: value };
  }

  /** The input files that the form asks for: what a ticked model takes, and what all need. */
  filesAsked(): { name: string; kind: FileKind; required: boolean; formats: string[] }[] {
    const chosen = this.selected.value.length > 0 ? this.selected.value : this.rows.value;
    const asked = new Map<string, ReturnType<PanelStore["filesAsked"]>[number]>();
    for (const row of chosen) {
      for (const { name, kind, required, formats } of row.files) {
        const known = asked.get(name);
        if (!known && !required && this.selected.value.length === 0) continue;
        const common = known ? known.formats.filter((f) => formats.includes(f)) : formats;
        asked.set(name, { name, kind, required: required || !!known?.required, formats: common });
      }
    }
    return [...asked.values()];
  }

  /** The input a model lacks and others of the mode do not need, which keeps it from being ticked. */
  lacks(row: ModelRow): string | undefined {
    const everyone = this.rows.value;
    return row.files.find(
      ({ name, required }) =>
        required &&
        !this.files.value[name]?.source &&
        !everyone.every((other) => other.files.some((f) => f.name === name && f.required)),
    )?.name;
  }

  async pickFile(name: string, kind: FileKind, file: File): Promise<void> {
    const thumbnail = kind === "image" ? URL.createObjectURL(file) : undefined;
    const picked: PickedFile = { label: file.name, sent: 0, ...(thumbnail && { thumbnail }) };
    await this.#check(name, picked, () =>
      uploadFile(this.kernel, kind, file, (sent) => this.#patchFile(name, picked.label, { sent })),
    );
  }

  async nameFile(name: string, kind: FileKind, source: string): Promise<void> {
    const label = source.split(/[\\/]/).pop() || source;
    await this.#check(name, { label, sent: 1 }, () =>
      this.kernel.command<"check_file">({ kind: "check_file", file_kind: kind, source }),
    );
  }

  dropFile(name: string): void {
    const { [name]: _gone, ...others } = this.files.value;
    this.files.value = others;
  }

  /** Generate what is shown, at the price that is shown. */
  async generate(): Promise<void> {
    if (this.starting.value || this.reason.value) return;
    this.starting.value = true;
    this.notice.value = null;
    try {
      await this.kernel.command<"generate">({ kind: "generate", wish: this.wish.value });
    } catch (error) {
      this.tell(error);
    } finally {
      this.starting.value = false;
    }
  }

  tell(error: unknown): void {
    this.notice.value =
      error instanceof RefusedError
        ? error.problem
        : { what: error instanceof Error ? error.message : String(error), money: "", remedy: "" };
  }

  #restore(): void {
    const { wish, models_by_mode } = this.state.choice;
    this.mode.value = this.state.modes.includes(wish.mode) ? wish.mode : "text";
    this.prompt.value = wish.prompt;
    const known = new Set(this.state.models.map((row) => row.id));
    this.ticked.value = Object.fromEntries(
      Object.entries(models_by_mode).map(([mode, ids]) => [mode, ids.filter((i) => known.has(i))]),
    );
    const { duration_s, resolution, aspect_ratio, audio, seed, fps, negative_prompt } = wish;
    const settings = { duration_s, resolution, aspect_ratio, audio, seed, fps, negative_prompt };
    this.settings.value = JSON.parse(JSON.stringify(settings)) as Settings;
    for (const [name, source] of Object.entries(wish.files)) {
      const kind = this.state.models.flatMap((row) => row.files).find((f) => f.name === name)?.kind;
      if (kind) void this.nameFile(name, kind, source);
    }
  }

  #wish(): Wish {
    const files: Record<string, string> = {};
    for (const { name } of this.filesAsked()) {
      const source = this.files.value[name]?.source;
      if (source) files[name] = source;
    }
    return {
      mode: this.mode.value,
      prompt: this.prompt.value,
      models: this.selected.value.map((row) => row.id),
      ...this.settings.value,
      files,
      overrides: {},
    };
  }

  #reason(): Reason | null {
    const selected = this.selected.value;
    if (selected.length === 0) return { field: "models", text: strings.reasonNoModel };
    const needsPrompt = selected.some((row) =>
      row.parameters.some((p) => p.name === "prompt" && p.required),
    );
    if (needsPrompt && !this.prompt.value.trim()) {
      return { field: "prompt", text: strings.reasonNoPrompt };
    }
    const limit = this.limit.value;
    const over = limit ? lengthOf(this.prompt.value) - limit.max : 0;
    if (limit && over > 0) {
      return { field: "prompt", text: strings.reasonPromptLong(over, limit.name) };
    }
    for (const { name, required } of this.filesAsked()) {
      const file = this.files.value[name];
      if (file?.problem) return { field: name, text: file.problem.what };
      if (file && !file.source) return { field: name, text: strings.reasonBusyFile };
      if (required && !file) {
        return { field: name, text: strings.reasonNoFile(strings.anInput(name)) };
      }
    }
    if (!this.priced.value) return { field: "generate", text: strings.reasonPricing };
    for (const row of selected) {
      const problem = this.offers.value.get(row.id)?.problems[0];
      if (problem) return problem;
    }
    return null;
  }

  /** Whether a prompt is there and short enough bears on offers; its words do not. */
  readonly #promptFits = computed(() => {
    const empty = this.prompt.value.trim() === "";
    return `${empty}:${
      this.state.models.filter((row) => {
        const max = row.parameters.find((p) => p.name === "prompt")?.max_length;
        return max !== undefined && lengthOf(this.prompt.value) > max;
      }).length
    }`;
  });

  #keepPriced(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const key = computed(() =>
      JSON.stringify([{ ...this.wish.value, prompt: "" }, this.#promptFits.value]),
    );
    const stop = effect(() => {
      key.value;
      this.#priceRound += 1;
      this.priced.value = false;
      clearTimeout(timer);
      timer = setTimeout(() => void this.#price(), PRICE_DELAY_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }

  async #price(): Promise<void> {
    const round = this.#priceRound;
    const models = this.rows.value.map((row) => row.id);
    try {
      const wish = { ...this.wish.value, models };
      const { offers } = await this.kernel.command<"price">({ kind: "price", wish });
      if (round !== this.#priceRound) return; // the form moved on; its own answer is coming
      batch(() => {
        this.offers.value = new Map(offers.map((offer) => [offer.model_id, offer]));
        this.priced.value = true;
      });
    } catch (error) {
      if (round === this.#priceRound) this.tell(error);
    }
  }

  #keepRemembered(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    const stop = effect(() => {
      const choice = { wish: this.wish.value, models_by_mode: this.ticked.value };
      if (first) {
        first = false;
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        const kept = this.kernel.command<"remember_choice">({ kind: "remember_choice", choice });
        kept.catch((error: unknown) => this.tell(error));
      }, REMEMBER_DELAY_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }

  async #check(
    name: string,
    picked: PickedFile,
    ask: () => Promise<{ source: string; label: string; facts: string; buffers: DataView[] }>,
  ): Promise<void> {
    this.files.value = { ...this.files.value, [name]: picked };
    try {
      const { source, label, facts, buffers } = await ask();
      const small = buffers[0] as DataView<ArrayBuffer> | undefined;
      const thumbnail = small
        ? URL.createObjectURL(new Blob([small], { type: "image/jpeg" }))
        : picked.thumbnail;
      if (this.files.value[name]?.label !== picked.label) return; // replaced meanwhile
      const checked: PickedFile = { label, source, facts, ...(thumbnail && { thumbnail }) };
      this.files.value = { ...this.files.value, [name]: checked };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#patchFile(name, picked.label, { problem: error.problem });
    }
  }

  #patchFile(name: string, label: string, patch: Partial<PickedFile>): void {
    const file = this.files.value[name];
    if (file?.label !== label) return;
    this.files.value = { ...this.files.value, [name]: { ...file, ...patch } };
  }
}

/** The cell that does the same as the form. */
export function asPython(wish: Wish): string {
  const { mode: _mode, prompt, models, files, overrides: _none, ...settings } = wish;
  const lines = [JSON.stringify(prompt), `models=${JSON.stringify(models)}`];
  for (const [name, value] of [...Object.entries(files), ...Object.entries(settings)]) {
    const text = typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);
    if (value !== undefined && value !== "") lines.push(`${name}=${text}`);
  }
  return `batch = studio.generate(\n${lines.map((line) => `    ${line},\n`).join("")})`;
}

/** What a person has put into the form, and what it asks the kernel for. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { InputFiles } from "./input-files";
import type { Choice, FileRow, Mode, ModelRow, Value, Wish } from "./messages.gen";
import { lengthOf, promptLimit } from "./options";
import { t } from "./strings";

export interface Settings {
  duration_s?: number;
  resolution?: string;
  aspect_ratio?: string;
  audio?: boolean;
  seed?: number;
  fps?: number;
  negative_prompt?: string;
}

export type Sort = Choice["sort"];

/** Why Generate cannot go yet, and where. */
export interface Reason {
  field: string;
  text: string;
}

export class Form {
  readonly mode = signal<Mode>("text");
  readonly prompt = signal("");
  readonly ticked = signal<Record<string, string[]>>({});
  readonly settings = signal<Settings>({});
  /** The clip to remix, where that is asked for. */
  readonly remixOf = signal<{ id: string; label: string } | null>(null);
  /** Single models' own parameters, by model and name. */
  readonly overrides = signal<Wish["overrides"]>({});
  readonly favourites = signal<readonly string[]>([]);
  readonly sort = signal<Sort>("");

  readonly rows: ReadonlySignal<ModelRow[]>;
  readonly selected: ReadonlySignal<ModelRow[]>;
  readonly limit: ReadonlySignal<{ max: number; name: string } | undefined>;
  readonly wish: ReadonlySignal<Wish>;
  readonly choice: ReadonlySignal<Choice>;
  /** What the form itself knows to be missing. */
  readonly missing: ReadonlySignal<Reason | null>;

  constructor(
    readonly models: ModelRow[],
    readonly modes: Mode[],
    readonly files: InputFiles,
  ) {
    this.rows = computed(() => models.filter((row) => row.mode === this.mode.value));
    this.selected = computed(() => {
      const ids = this.ticked.value[this.mode.value] ?? [];
      return this.rows.value.filter((row) => ids.includes(row.id));
    });
    this.limit = computed(() => promptLimit(this.selected.value));
    this.wish = computed(() => this.#wish());
    this.choice = computed(() => ({
      wish: this.wish.value,
      models_by_mode: this.ticked.value,
      favourites: [...this.favourites.value],
      sort: this.sort.value,
    }));
    this.missing = computed(() => this.#missing());
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

  /** Set one model's own parameter; `undefined` goes back to the model's default. */
  override(model: string, name: string, value: Value | undefined): void {
    const { [name]: _old, ...others } = this.overrides.value[model] ?? {};
    const own = value === undefined ? others : { ...others, [name]: value };
    const { [model]: _all, ...rest } = this.overrides.value;
    this.overrides.value = Object.keys(own).length > 0 ? { ...rest, [model]: own } : rest;
  }

  favour(id: string, on: boolean): void {
    const others = this.favourites.value.filter((other) => other !== id);
    this.favourites.value = on ? [...others, id] : others;
  }

  /** Take over what was chosen before. */
  restore({ wish, models_by_mode, favourites, sort }: Choice): void {
    this.favourites.value = favourites;
    this.sort.value = sort;
    this.recall(wish, models_by_mode);
  }

  /** Take over what something was made with; files that it did not have are let go. */
  recall(wish: Wish, models_by_mode: Record<string, string[]>): void {
    const known = new Set(this.models.map((row) => row.id));
    this.mode.value = this.modes.includes(wish.mode) ? wish.mode : "text";
    this.prompt.value = wish.prompt;
    this.ticked.value = Object.fromEntries(
      Object.entries(models_by_mode).map(([mode, ids]) => [mode, ids.filter((i) => known.has(i))]),
    );
    const { duration_s, resolution, aspect_ratio, audio, seed, fps, negative_prompt } = wish;
    const settings = { duration_s, resolution, aspect_ratio, audio, seed, fps, negative_prompt };
    this.settings.value = JSON.parse(JSON.stringify(settings)) as Settings;
    this.overrides.value = wish.overrides;
    this.remixOf.value = wish.remix_of ? { id: wish.remix_of, label: wish.remix_of } : null;
    for (const name of Object.keys(this.files.picked.value)) {
      if (!wish.files[name]) this.files.drop(name);
    }
    for (const [name, source] of Object.entries(wish.files)) {
      const kind = this.models.flatMap((row) => row.files).find((f) => f.name === name)?.kind;
      if (kind) void this.files.point(name, kind, source);
    }
  }

  /** The input files that the form asks for: what a ticked model takes, and what all need. */
  filesAsked(): FileRow[] {
    const ticked = this.selected.value;
    const asked = new Map<string, FileRow>();
    for (const row of ticked.length > 0 ? ticked : this.rows.value) {
      for (const file of row.files) {
        const known = asked.get(file.name);
        if (!known && !file.required && ticked.length === 0) continue;
        asked.set(file.name, known ? strictest(known, file) : file);
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
        !this.files.picked.value[name]?.source &&
        !everyone.every((other) => other.files.some((f) => f.name === name && f.required)),
    )?.name;
  }

  /** Whether any model of the mode reads a prompt at all. */
  takesPrompt(): boolean {
    const ticked = this.selected.value;
    return (ticked.length > 0 ? ticked : this.rows.value).some((row) => has(row, "prompt"));
  }

  /** Whether a clip to remix is asked for. */
  remixes(): boolean {
    const ticked = this.selected.value;
    return (ticked.length > 0 ? ticked : this.rows.value).some((row) => row.remixes);
  }

  #wish(): Wish {
    const files: Record<string, string> = {};
    for (const { name } of this.filesAsked()) {
      const source = this.files.picked.value[name]?.source;
      if (source) files[name] = source;
    }
    const models = this.selected.value.map((row) => row.id);
    const own = Object.entries(this.overrides.value);
    const remixOf = this.remixOf.value;
    return {
      mode: this.mode.value,
      prompt: this.prompt.value,
      models,
      ...this.settings.value,
      files,
      ...(remixOf && this.remixes() && { remix_of: remixOf.id }),
      overrides: Object.fromEntries(own.filter(([id]) => models.includes(id))),
    };
  }

  #missing(): Reason | null {
    const selected = this.selected.value;
    const texts = t();
    const asked = this.filesAsked();
    const files = this.files.picked.value;
    for (const { name } of asked) {
      const problem = files[name]?.problem;
      if (problem) return { field: name, text: problem.what };
    }
    if (selected.length === 0) return { field: "models", text: texts.reasonNoModel };
    const needsPrompt = selected.some((row) => has(row, "prompt", true));
    if (needsPrompt && !this.prompt.value.trim()) {
      return { field: "prompt", text: texts.reasonNoPrompt };
    }
    const limit = this.limit.value;
    const over = limit ? lengthOf(this.prompt.value) - limit.max : 0;
    if (limit && over > 0) {
      return { field: "prompt", text: texts.reasonPromptLong(over, limit.name) };
    }
    if (this.remixes() && !this.remixOf.value) {
      return { field: "remix_of", text: texts.reasonNoFile(anInput("video_id")) };
    }
    for (const { name, required } of asked) {
      const file = files[name];
      if (file && !file.source) return { field: name, text: texts.reasonBusyFile };
      if (required && !file) return { field: name, text: texts.reasonNoFile(anInput(name)) };
    }
    return null;
  }
}

const has = (row: ModelRow, name: string, required = false) =>
  row.parameters.some((p) => p.name === name && (p.required || !required));

/** What two models take both. */
function strictest(a: FileRow, b: FileRow): FileRow {
  return {
    ...a,
    required: a.required || b.required,
    formats: a.formats.filter((format) => b.formats.includes(format)),
    max_bytes: Math.min(a.max_bytes, b.max_bytes),
    aspects: a.aspects.length > 0 ? a.aspects : b.aspects,
  };
}

export const anInput = (name: string) => t().inputs[name] ?? name;

/** A value as a person reads it. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return t().notSent;
  if (typeof value === "boolean") return value ? t().on : t().off;
  return typeof value === "object" ? value.join(", ") : String(value);
}

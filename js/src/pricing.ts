/** Prices of the form as it stands, asked for when something that bears on them has changed. */
import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Form } from "./form";
import type { Kernel } from "./kernel";
import type { Offer } from "./messages.gen";
import { type Total, totalOf } from "./money";
import { lengthOf } from "./options";

const DELAY_MS = 60;

export class Pricing {
  readonly offers = signal<ReadonlyMap<string, Offer>>(new Map());
  /** Whether the offers are those of the form as it stands. */
  readonly current = signal(false);
  readonly total: ReadonlySignal<Total>;
  readonly #form: Form;
  readonly #kernel: Kernel;
  readonly #tell: (error: unknown) => void;
  readonly #stop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  constructor(form: Form, kernel: Kernel, tell: (error: unknown) => void) {
    this.#form = form;
    this.#kernel = kernel;
    this.#tell = tell;
    this.total = computed(() => {
      const offers = form.selected.value.map((row) => this.offers.value.get(row.id));
      return totalOf(offers.flatMap((offer) => (offer ? [offer.quote] : [])));
    });
    const key = computed(() =>
      JSON.stringify([{ ...form.wish.value, prompt: "" }, form.overrides.value, this.#fits.value]),
    );
    this.#stop = effect(() => {
      key.value;
      this.again();
    });
  }

  /** Whether a prompt is there and short enough bears on offers; its words do not. */
  readonly #fits = computed(() => {
    const prompt = this.#form.prompt.value;
    const length = lengthOf(prompt);
    const tooLong = this.#form.models.filter((row) => {
      const max = row.parameters.find((p) => p.name === "prompt")?.max_length;
      return max !== undefined && length > max;
    });
    return `${prompt.trim() === ""}:${tooLong.length}`;
  });

  /** Ask anew, in a moment. */
  again(): void {
    this.#round += 1;
    this.current.value = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), DELAY_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  async #ask(): Promise<void> {
    const round = this.#round;
    const models = this.#form.rows.value.map((row) => row.id);
    const wish = {
      ...this.#form.wish.value,
      models,
      overrides: this.#form.overrides.value,
    };
    try {
      const { offers } = await this.#kernel.command<"price">({ kind: "price", wish });
      if (round !== this.#round) return; // the form moved on; its own answer is coming
      batch(() => {
        this.offers.value = new Map(offers.map((offer) => [offer.model_id, offer]));
        this.current.value = true;
      });
    } catch (error) {
      if (round === this.#round) this.#tell(error);
    }
  }
}

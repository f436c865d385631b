/** The state of one panel; shared by all its views. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Extras } from "./extras";
import { Form, type Reason } from "./form";
import { InputFiles } from "./input-files";
import { type Kernel, RefusedError } from "./kernel";
import type { Live } from "./live";
import type { Generate, Problem, Question, State } from "./messages.gen";
import { Pricing } from "./pricing";
import { t } from "./strings";

/** What can lie over the panel. */
export type Sheet = "history" | "account" | "shortcuts";

/** A question of the kernel's, until it is answered. */
export interface Asked {
  question: Question;
  answer: (said: "yes" | "no" | "cancel") => void;
}

const REMEMBER_DELAY_MS = 600;
/** How long a press that was taken is shown, and no other is: who clicks twice means it once. */
const STARTED_MS = 1_000;

export class PanelStore {
  readonly files: InputFiles;
  readonly form: Form;
  readonly pricing: Pricing;
  /** What has become of the last press of Generate, while another would be a mistake. */
  readonly start = signal<"" | "starting" | "started">("");
  readonly notice = signal<Problem | null>(null);
  readonly asked = signal<Asked | null>(null);
  readonly sheet = signal<Sheet | null>(null);
  /** Where the focus has to go next, and a number that makes each wish new. */
  readonly focus = signal<{ field: string; nth: number }>({ field: "", nth: 0 });
  /** The view that had the focus last. */
  view: HTMLElement | null = null;
  /** Why Generate cannot go; `null` when it can. */
  readonly reason: ReadonlySignal<Reason | null>;
  readonly #stops: (() => void)[] = [];

  constructor(
    readonly state: State,
    readonly kernel: Kernel,
    readonly live: Live,
    readonly extras: Extras,
  ) {
    this.files = new InputFiles(kernel);
    this.form = new Form(state.models, state.modes, this.files);
    this.form.restore(state.choice);
    this.pricing = new Pricing(this.form, kernel, (error) => this.tell(error));
    this.reason = computed(() => this.form.missing.value ?? this.#refusal());
    this.#stops.push(this.#keepRemembered());
  }

  /** Say what ends with the panel. */
  onClose(stop: () => void): void {
    this.#stops.push(stop);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.pricing.close();
    this.files.close();
  }

  /** Generate what is shown, at the price that is shown. */
  async generate(): Promise<void> {
    if (this.start.value || this.reason.value) return;
    this.start.value = "starting";
    this.notice.value = null;
    try {
      if (await this.#send({ kind: "generate", wish: this.form.wish.value, reuse: "ask" })) {
        this.start.value = "started";
        await new Promise((seen) => setTimeout(seen, STARTED_MS));
      }
    } catch (error) {
      this.tell(error);
    } finally {
      this.start.value = "";
    }
  }

  /** Put a question to the person. */
  ask(question: Question): Promise<"yes" | "no" | "cancel"> {
    return new Promise((resolve) => {
      this.asked.value = {
        question,
        answer: (said) => {
          this.asked.value = null;
          resolve(said);
        },
      };
    });
  }

  focusOn(field: string): void {
    this.focus.value = { field, nth: this.focus.value.nth + 1 };
  }

  /** Tick the model that follows another. */
  useInstead(old: string, replacement: string): void {
    const row = this.state.models.find(({ id }) => id === replacement);
    if (!row) return;
    this.form.mode.value = row.mode;
    this.form.tick(old, false);
    this.form.tick(replacement, true);
  }

  tell(error: unknown): void {
    this.notice.value =
      error instanceof RefusedError
        ? error.problem
        : {
            what: error instanceof Error ? error.message : String(error),
            money: "",
            remedy: "",
            actions: [],
          };
    if (error instanceof RefusedError && error.field) this.focusOn(error.field);
  }

  /** Send it, again with each answer that it needs; whether it was accepted. */
  async #send(command: Omit<Generate, "id">): Promise<boolean> {
    const reply = await this.kernel.command<"generate">(command);
    if (reply.kind === "accepted") return true;
    const said = await this.ask(reply);
    if (said === "cancel") return false;
    if (reply.about === "reuse") return this.#send({ ...command, reuse: said });
    if (reply.amount_usd === undefined) return false;
    return this.#send({ ...command, approved_usd: reply.amount_usd });
  }

  #refusal(): Reason | null {
    const { current, offers } = this.pricing;
    if (!current.value) return { field: "generate", text: t().reasonPricing };
    for (const row of this.form.selected.value) {
      const problem = offers.value.get(row.id)?.problems[0];
      if (problem) return problem;
    }
    return null;
  }

  /** Keep the form a moment after a change, and at once when the page may go away. */
  #keepRemembered(): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let kept = this.form.choice.value;
    const keep = () => {
      clearTimeout(timer);
      const choice = this.form.choice.value;
      if (choice === kept) return;
      kept = choice;
      this.kernel
        .command<"remember_choice">({ kind: "remember_choice", choice })
        .catch((error: unknown) => this.tell(error));
    };
    const stop = effect(() => {
      this.form.choice.value;
      clearTimeout(timer);
      if (this.start.value) keep();
      else timer = setTimeout(keep, REMEMBER_DELAY_MS);
    });
    document.addEventListener("visibilitychange", keep);
    window.addEventListener("pagehide", keep);
    return () => {
      document.removeEventListener("visibilitychange", keep);
      window.removeEventListener("pagehide", keep);
      clearTimeout(timer);
      stop();
    };
  }
}

/** The panel on a model that is honest to anywidget's host API. */
import { signal } from "@preact/signals-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Live } from "../src/live";
import type { Changed, ClipCard, JobLine, ModelRow, Problem } from "../src/messages.gen";
import panel from "../src/panel";
import { answering, clip, FakeModel, job, state } from "./fake-model";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
  document.body.replaceChildren();
});

function show(model = new FakeModel({ state }, answering)) {
  const widget = panel();
  cleanups.push(widget.initialize({ model }));
  const views = [view(widget)];
  return { model, widget, root: views[0] as ShadowRoot, second: () => view(widget) };
}

function view(widget: ReturnType<typeof panel>): ShadowRoot {
  const el = document.createElement("div");
  document.body.append(el);
  cleanups.push(widget.render({ el }));
  return el.firstElementChild?.shadowRoot as ShadowRoot;
}

const find = <E extends HTMLElement>(root: ShadowRoot, selector: string) =>
  root.querySelector(selector) as E;
const button = (root: ShadowRoot) => find<HTMLButtonElement>(root, "[data-field=generate]");
const box = (root: ShadowRoot, name: string) =>
  [...root.querySelectorAll<HTMLLabelElement>(".model label")]
    .find((label) => label.textContent?.includes(name))
    ?.querySelector("input") as HTMLInputElement;

function write(root: ShadowRoot, text: string) {
  const prompt = find<HTMLTextAreaElement>(root, "#prompt");
  prompt.value = text;
  prompt.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

async function ready(root: ShadowRoot, text: string) {
  await vi.waitFor(() => {
    expect(button(root).textContent).toBe(text);
    expect(button(root).getAttribute("aria-disabled")).toBe("false");
  });
}

const changed = (jobs: JobLine[], clips: ClipCard[] = []): Changed => ({
  kind: "changed",
  now_s: Date.now() / 1000,
  money: { ...state.money, spent_usd: "0.35" },
  clip_count: clips.length,
  jobs,
  clips,
  deleted: [],
});

describe("generating", () => {
  test("the button carries the price of what is ticked, and sends it once", async () => {
    const { model, root } = show();
    write(root, "a cat");
    box(root, "Kling").click();
    await ready(root, "Generate 1 clip, $0.35");
    box(root, "Veo").click();
    await ready(root, "Generate 2 clips, $1.25");
    button(root).click();
    button(root).click();
    await vi.waitFor(() => expect(model.sentOf("generate")).toHaveLength(1));
    expect(model.sentOf("generate")[0]?.wish).toMatchObject({
      prompt: "a cat",
      models: ["kling", "veo"],
    });
  });

  test("an unknown price is said, not added", async () => {
    const { root } = show();
    write(root, "a cat");
    box(root, "Kling").click();
    find<HTMLElement>(root, ".list summary").click();
    box(root, "Sora").click();
    await ready(root, "Generate 2 clips, $0.35 + unknown");
  });

  test("what is wrong gets the focus, and nothing is sent", async () => {
    const { model, root } = show();
    box(root, "Kling").click();
    write(root, "x".repeat(41));
    await vi.waitFor(() =>
      expect(find(root, "#reason").textContent).toBe("1 character too many for Kling."),
    );
    expect(find(root, "#prompt-count").textContent).toContain("41/40");
    button(root).click();
    expect(root.activeElement).toBe(find(root, "#prompt"));
    expect(model.sentOf("generate")).toEqual([]);
  });

  test("words of the prompt are not priced again, settings are", async () => {
    const { model, root } = show();
    write(root, "a");
    box(root, "Kling").click();
    await ready(root, "Generate 1 clip, $0.35");
    const before = model.sentOf("price").length;
    write(root, "a cat playing");
    const duration = find<HTMLSelectElement>(root, "[data-field=duration_s]");
    duration.value = "10";
    duration.dispatchEvent(new Event("change", { bubbles: true }));
    await vi.waitFor(() => expect(model.sentOf("price").at(-1)?.wish.duration_s).toBe(10));
    await ready(root, "Generate 1 clip, $0.35");
    expect(model.sentOf("price").length).toBe(before + 1);
  });

  test("a refusal is shown in three lines and the form stays", async () => {
    const problem: Problem = {
      what: "The balance is empty.",
      money: "Nothing was spent.",
      remedy: "Pay.",
      actions: [],
    };
    const { root } = show(
      new FakeModel({ state }, (command) =>
        command.kind === "generate" ? { reply: { kind: "refused", problem } } : answering(command),
      ),
    );
    write(root, "a cat");
    box(root, "Kling").click();
    await ready(root, "Generate 1 clip, $0.35");
    button(root).click();
    await vi.waitFor(() => {
      const lines = [...root.querySelectorAll(".notice p")].map((line) => line.textContent);
      expect(lines).toEqual([problem.what, problem.money, problem.remedy]);
    });
    expect(find<HTMLTextAreaElement>(root, "#prompt").value).toBe("a cat");
  });

  test("Ctrl+Enter generates from the prompt", async () => {
    const { model, root } = show();
    write(root, "a cat");
    box(root, "Kling").click();
    await ready(root, "Generate 1 clip, $0.35");
    find(root, "#prompt").dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, composed: true }),
    );
    await vi.waitFor(() => expect(model.sentOf("generate")).toHaveLength(1));
  });

  test("a held key and a second click are no second intent, a later press is", async () => {
    const { model, root } = show();
    write(root, "a cat");
    box(root, "Kling").click();
    await ready(root, "Generate 1 clip, $0.35");
    const sent = () => model.sentOf("generate").length;
    const enter = (repeat: boolean, target: HTMLElement, ctrlKey: boolean) => {
      const how = {
        key: "Enter",
        ctrlKey,
        repeat,
        bubbles: true,
        composed: true,
        cancelable: true,
      };
      return target.dispatchEvent(new KeyboardEvent("keydown", how));
    };
    const secondClick = () =>
      button(root).dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true }));
    enter(false, find(root, "#prompt"), true);
    await vi.waitFor(() => expect(button(root).textContent).toBe("Started"));
    expect(find(root, ".generate [role=status]").textContent).toBe("Started");
    button(root).click();
    await vi.waitFor(() => expect(button(root).textContent).toMatch(/^Generate/), 3000);
    secondClick();
    expect(enter(true, find(root, "#prompt"), true)).toBe(false);
    expect(enter(true, button(root), false)).toBe(false);
    expect(enter(false, button(root), false)).toBe(true);
    expect(button(root).textContent).toMatch(/^Generate/);
    expect(sent()).toBe(1);
    button(root).click();
    await vi.waitFor(() => expect(sent()).toBe(2));
  });
});

describe("showing", () => {
  test("a row says what is sent instead, before it is sent", async () => {
    const { root } = show();
    const duration = find<HTMLSelectElement>(root, "[data-field=duration_s]");
    duration.value = "5";
    duration.dispatchEvent(new Event("change", { bubbles: true }));
    await vi.waitFor(() =>
      expect(box(root, "Veo").closest("label")?.textContent).toContain("5>6 s"),
    );
  });

  test("a retired model names what to use instead, and that can be ticked", async () => {
    const sora = { ...(state.models[2] as ModelRow), replacement: "veo", replacement_name: "Veo" };
    const models = [...state.models.slice(0, 2), sora];
    const { root } = show(new FakeModel({ state: { ...state, models } }, answering));
    const instead = find<HTMLButtonElement>(root, "[data-model=sora] .link");
    expect(instead.textContent).toBe("Use Veo instead");
    instead.click();
    await vi.waitFor(() => expect(box(root, "Veo").checked).toBe(true));
  });

  test("the bill says whose price each line is, and when it was read", async () => {
    const { root } = show();
    box(root, "Kling").click();
    await vi.waitFor(() => {
      const line = find(root, ".bill li").textContent;
      expect(line).toContain("price from a page, 2026-08-02");
      expect(line).toContain("listed in the specification: $1");
      expect(line).toContain("$0.35");
    });
  });

  test("a camera cue goes in where the cursor stands", async () => {
    const { root } = show();
    write(root, "a cat runs");
    box(root, "Kling").click();
    await vi.waitFor(() => expect(root.querySelector("[data-drawer=kling]")).not.toBeNull());
    find<HTMLElement>(root, "[data-drawer=kling] summary").click();
    const prompt = find<HTMLTextAreaElement>(root, "#prompt");
    prompt.focus();
    prompt.setSelectionRange(5, 5);
    const chip = () => find<HTMLButtonElement>(root, '[aria-label="Add [Pan left] to the prompt"]');
    await vi.waitFor(() => expect(chip()).not.toBeNull());
    chip().click();
    await vi.waitFor(() => expect(prompt.value).toBe("a cat [Pan left] runs"));
  });

  test("of many jobs those that moved or failed stay in sight", async () => {
    const { model, root } = show();
    const queued = Array.from({ length: 20 }, (_, n) => ({
      ...job,
      id: `q${n}`,
      created_at: n + 9,
    }));
    const problem = { what: "No.", money: "", remedy: "", actions: [] };
    const failed = { ...job, id: "failed", state: "failed" as const, settled: true, problem };
    const running = { ...job, id: "running", state: "running" as const };
    const old = [failed, running].map((line, n) => ({ ...line, created_at: n }));
    model.receive(changed([...queued, ...old]));
    await vi.waitFor(() => {
      const ids = [...root.querySelectorAll<HTMLElement>(".job")].map((line) => line.dataset.job);
      expect(ids.slice(0, 2)).toEqual(["failed", "running"]);
      expect(ids).toHaveLength(8);
    });
    expect(find(root, ".jobs").textContent).toContain("22 jobs: 20 queued, 1 running, 1 failed");
  });

  test("a job becomes a clip", async () => {
    const { model, root } = show();
    model.receive(changed([job]));
    await vi.waitFor(() => expect(find(root, ".job").textContent).toContain("queued, 2 ahead"));
    expect(find(root, ".job-usual").textContent).toBe("no estimate yet");
    model.receive(changed([{ ...job, expected_s: [30, 60] }]));
    await vi.waitFor(() => expect(find(root, ".job-usual").textContent).toBe("usually 30-60 s"));
    model.receive(changed([{ ...job, state: "stored", settled: true, clip_id: "c1" }], [clip]));
    await vi.waitFor(() => expect(root.querySelector(".clip img")).not.toBeNull());
    expect(root.querySelector(".job")).toBeNull();
    expect(find(root, ".panel > .sr-only").textContent).toBe("Kling: clip is ready");
  });

  test("no time passes while the kernel is silent", () => {
    vi.useFakeTimers();
    const silent = signal(false);
    const live = new Live(silent);
    live.apply(changed([{ ...job, state: "running" }]));
    const passed = (ms: number) => {
      const before = live.now.value;
      vi.advanceTimersByTime(ms);
      return live.now.value - before;
    };
    expect(passed(3000)).toBeCloseTo(3, 0);
    silent.value = true;
    expect(passed(5000)).toBe(0);
    silent.value = false;
    expect(passed(1000)).toBeCloseTo(6, 0);
    live.close();
    vi.useRealTimers();
  });

  test("what can be done about a cancelled job can be done", async () => {
    const { model, root } = show();
    model.receive(changed([{ ...job, state: "running", submitted_at: 1 }]));
    const cancel = () => find<HTMLButtonElement>(root, '[aria-label="Cancel Kling"]');
    await vi.waitFor(() => expect(cancel()).not.toBeNull());
    cancel().click();
    await vi.waitFor(() => expect(model.sentOf("cancel_job")).toHaveLength(1));
    await vi.waitFor(() => expect(cancel().disabled).toBe(true));
    const problem = { what: "Cancelled.", money: "", remedy: "", actions: ["recall" as const] };
    model.receive(changed([{ ...job, state: "cancelled", settled: true, problem }]));
    const again = () => find<HTMLButtonElement>(root, ".job .problem button");
    await vi.waitFor(() => expect(again().disabled).toBe(false));
  });

  test("paying twice needs two deliberate presses", async () => {
    const { model, root } = show();
    const problem = { what: "Lost.", money: "", remedy: "", actions: ["resubmit" as const] };
    model.receive(changed([{ ...job, state: "submit_unknown", problem }]));
    const resubmit = () => find<HTMLButtonElement>(root, ".job .problem button");
    const click = (detail: number) =>
      resubmit().dispatchEvent(new MouseEvent("click", { detail, bubbles: true }));
    await vi.waitFor(() => expect(resubmit().textContent).toBe("Send it again"));
    click(1);
    await vi.waitFor(() => expect(resubmit().textContent).toContain("charged twice"));
    click(2);
    expect(model.sentOf("settle_unknown")).toEqual([]);
    click(1);
    await vi.waitFor(() => expect(model.sentOf("settle_unknown")).toHaveLength(1));
  });

  test("text from prompts and logs is text", async () => {
    const { model, root } = show();
    model.receive(changed([job], [clip]));
    await vi.waitFor(() => expect(find(root, ".clip-prompt").textContent).toBe(clip.prompt));
    find<HTMLButtonElement>(root, ".job-buttons button").click();
    await vi.waitFor(() => expect(find(root, ".logs").textContent).toContain("<b>loading</b>"));
    expect(root.querySelector("img[onerror], .logs b")).toBeNull();
  });

  test("two views of one panel stay in step", async () => {
    const { root, second } = show();
    const other = second();
    write(root, "a cat");
    await vi.waitFor(() => expect(find<HTMLTextAreaElement>(other, "#prompt").value).toBe("a cat"));
  });

  test("the static HTML is hidden while a view lives, and comes back", async () => {
    const still = document.createElement("p");
    still.className = state.static_class;
    document.body.append(still);
    show();
    expect(getComputedStyle(still).display).toBe("none");
    for (const cleanup of cleanups.splice(0).reverse()) cleanup();
    expect(getComputedStyle(still).display).toBe("block");
  });

  test("nothing listens any more when the widget is gone", () => {
    const { model } = show();
    expect(model.listeners).toBe(1);
    for (const cleanup of cleanups.splice(0).reverse()) cleanup();
    expect(model.listeners).toBe(0);
  });
});

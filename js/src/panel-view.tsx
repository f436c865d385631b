/** The panel as a person sees it. */

import { createRef } from "preact";
import { Clips } from "./clips";
import { component } from "./component";
import { Files, Prompt, SharedSettings } from "./form";
import { Behind, GenerateBar, spentText } from "./generate";
import { Jobs, ProblemLines } from "./jobs";
import type { Mode } from "./messages.gen";
import { Models } from "./models";
import { micro } from "./money";
import type { PanelStore } from "./panel-store";
import * as strings from "./strings";

export const PanelView = component<{ store: PanelStore }>(() => {
  const root = createRef<HTMLElement>();
  return ({ store }) => {
    const focusField = (field: string) => {
      const target = root.current?.querySelector<HTMLElement>(`[data-field="${field}"]`);
      if (field === "models") target?.querySelector<HTMLElement>("input:enabled")?.focus();
      else target?.focus();
    };
    const generate = () => {
      const reason = store.reason.value;
      if (reason) focusField(reason.field);
      else void store.generate();
    };
    return (
      <section
        class="panel"
        aria-label={strings.panelOf(store.state.project)}
        ref={root}
        onKeyDown={(event) => onKey(event, store, generate, focusField)}
      >
        <Header store={store} />
        {store.kernel.silent.value && (
          <p class="silent" role="status">
            {strings.kernelSilent}
          </p>
        )}
        <Tabs store={store} />
        <div class="columns" role="tabpanel" id="form" aria-labelledby={`tab-${store.mode.value}`}>
          <div class="left">
            <Prompt store={store} />
            <Files store={store} />
            <SharedSettings store={store} />
            <Behind store={store} />
          </div>
          <div class="right">
            <Models store={store} />
            <GenerateBar store={store} onGenerate={generate} />
          </div>
        </div>
        {store.notice.value && (
          <div class="notice" role="alert">
            <ProblemLines problem={store.notice.value}>
              <button
                type="button"
                onClick={() => {
                  store.notice.value = null;
                }}
              >
                {strings.dismiss}
              </button>
            </ProblemLines>
          </div>
        )}
        <Jobs
          kernel={store.kernel}
          live={store.live}
          onShortenPrompt={() => focusField("prompt")}
        />
        <Clips
          clips={store.live.clips.value}
          count={store.live.clipCount.value}
          media={store.media}
        />
        <Examples store={store} />
      </section>
    );
  };
});

const Header = component<{ store: PanelStore }>(() => ({ store }) => {
  const { project, mode, key_last_four } = store.state;
  const badge =
    mode === "simulated"
      ? strings.simulated
      : key_last_four
        ? strings.live(key_last_four)
        : strings.noKey;
  return (
    <header>
      <h2>{project}</h2>
      <span class={`badge ${mode}`}>{badge}</span>
      <span class="grow" />
      <span class="num muted">{spentText(micro(store.live.spentUsd.value))}</span>
    </header>
  );
});

const Tabs = component<{ store: PanelStore }>(() => ({ store }) => {
  const { modes } = store.state;
  const turn = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = modes.indexOf(store.mode.value) + step;
    const next = modes[(at + modes.length) % modes.length];
    if (!next) return;
    event.preventDefault();
    store.mode.value = next;
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={strings.modesLabel} onKeyDown={turn}>
      {modes.map((mode, index) => (
        <button
          key={mode}
          type="button"
          role="tab"
          id={`tab-${mode}`}
          aria-selected={store.mode.value === mode}
          aria-controls="form"
          aria-keyshortcuts={`Alt+${index + 1}`}
          tabIndex={store.mode.value === mode ? 0 : -1}
          onClick={() => {
            store.mode.value = mode;
          }}
        >
          {strings.modes[mode]}
        </button>
      ))}
    </div>
  );
});

/** What to do first, where nothing was done yet. */
const Examples = component<{ store: PanelStore }>(() => ({ store }) => {
  if (store.live.clips.value.length > 0 || store.live.jobs.value.length > 0) return null;
  const take = (prompt: string, two: boolean) => {
    store.prompt.value = prompt;
    if (!two && store.selected.value.length > 0) return;
    const cheap = [...store.rows.value]
      .filter((row) => row.life_cycle === "active" && !store.lacks(row))
      .sort((a, b) => priceOf(store, a.id) - priceOf(store, b.id));
    const first = cheap[0];
    const other = cheap.find((row) => row.provider !== first?.provider);
    if (first) store.tick(first.id, true);
    if (two && other) store.tick(other.id, true);
  };
  return (
    <section class="examples">
      <h3>{strings.emptyTitle}</h3>
      <ul>
        {strings.examples.map(({ prompt, two }) => (
          <li key={prompt}>
            <button type="button" onClick={() => take(prompt, two ?? false)}>
              {prompt}
              {two && <span class="muted"> {strings.withTwoModels}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
});

function priceOf(store: PanelStore, id: string): number {
  const high = store.offers.value.get(id)?.quote.high_usd;
  return high === undefined ? Number.POSITIVE_INFINITY : micro(high);
}

function onKey(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  store: PanelStore,
  generate: () => void,
  focusField: (field: string) => void,
): void {
  const target = event.target as HTMLElement;
  const writing = target.matches("textarea, select, input:not([type=checkbox])");
  const number = /^Digit([1-6])$/.exec(event.code)?.[1];
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    generate();
  } else if (event.key === "/" && !writing) {
    focusField("search");
  } else if (event.altKey && number) {
    const mode: Mode | undefined = store.state.modes[Number(number) - 1];
    if (!mode) return;
    store.mode.value = mode;
  } else if (event.key === "Escape") {
    const open = target.closest("details[open]");
    if (open) {
      open.removeAttribute("open");
      open.querySelector("summary")?.focus();
    }
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** The panel as a person sees it. */
import { signal } from "@preact/signals-core";
import { createRef } from "preact";
import { component } from "./component";
import { Fetched } from "./fetched";
import { Behind, GenerateBar } from "./generate";
import { Header, Spent } from "./header";
import { focusField, onKey } from "./keys";
import { Models } from "./models";
import type { PanelStore } from "./panel-store";
import { PromptField } from "./prompt-field";
import { SettingsPart } from "./settings";
import { Silence } from "./silence";
import { t } from "./strings";
import { Tabs } from "./tabs";

/** In its cell; where that is too narrow, an icon that opens it over the page. */
export const PanelView = component<{ store: PanelStore }>(() => {
  const over = signal(false);
  return ({ store }) => {
    const css = store.extras.more.value?.css;
    const close = () => {
      over.value = false;
    };
    return (
      <>
        {css && <style>{css}</style>}
        <Collapsed
          store={store}
          onOpen={() => {
            over.value = true;
          }}
        />
        {over.value ? (
          <dialog
            class="over-page"
            ref={showModal}
            aria-label={store.state.project}
            onClose={close}
          >
            <div class="frame">
              <Panel store={store} onClose={close} />
            </div>
          </dialog>
        ) : (
          <div class="frame in-cell">
            <Panel store={store} />
          </div>
        )}
        {(store.sheet.value || store.asked.value) && (
          <Fetched extras={store.extras} show={({ Sheets }) => <Sheets store={store} />} />
        )}
      </>
    );
  };
});

const showModal = (dialog: HTMLDialogElement | null) => {
  if (dialog && !dialog.open) dialog.showModal();
};

const Collapsed = component<{ store: PanelStore; onOpen: () => void }>(
  () =>
    ({ store, onOpen }) => {
      const running = store.live.jobs.value.filter((job) => !job.settled).length;
      return (
        <button
          type="button"
          class="collapsed"
          aria-haspopup="dialog"
          aria-label={t().openPanel(store.state.project)}
          onClick={onOpen}
        >
          <svg viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
            <path
              fill="currentColor"
              d="M1 3h14v10H1zM2 4v1h1V4zm0 3v2h1V7zm0 4v1h1v-1zm11-7v1h1V4zm0 3v2h1V7zm0 4v1h1v-1zM6 5.5v5L11 8z"
              fill-rule="evenodd"
            />
          </svg>
          <span>{running > 0 ? t().runningCount(running) : t().open}</span>
          <Spent store={store} />
        </button>
      );
    },
);

const Panel = component<{ store: PanelStore; onClose?: () => void }>(() => {
  const root = createRef<HTMLElement>();
  let seen = 0;
  return ({ store, onClose }) => {
    const { form, kernel, extras } = store;
    const focus = (field: string) => focusField(root.current, field);
    const { field, nth } = store.focus.value;
    if (nth !== seen) {
      seen = nth;
      // Once what it belongs to is there, and only in the view that a person is in.
      setTimeout(() => {
        if (!store.view || store.view === root.current) focus(field);
      });
    }
    const generate = () => {
      const reason = store.reason.value;
      if (reason) focus(reason.field);
      else void store.generate();
    };
    return (
      <section
        class="panel"
        aria-label={t().panelOf(store.state.project)}
        ref={root}
        onFocusIn={(event) => {
          store.view = event.currentTarget;
        }}
        onKeyDown={(event) => onKey(event, store, generate)}
        onPaste={(event) => extras.more.value?.onPaste(event, store)}
        onDragOver={(event) => extras.more.value?.onDrag(event, store)}
        onDrop={(event) => extras.more.value?.onDrag(event, store)}
      >
        <Header store={store} {...(onClose && { onClose })} />
        <Silence kernel={kernel} />
        <Tabs form={form} />
        <div class="columns" role="tabpanel" id="form" aria-labelledby={`tab-${form.mode.value}`}>
          <div class="part inputs">
            <PromptField form={form} />
            {form.remixes() && (
              <Fetched extras={extras} show={({ RemixField }) => <RemixField store={store} />} />
            )}
            {form.filesAsked().length > 0 && (
              <Fetched extras={extras} show={({ FileFields }) => <FileFields store={store} />} />
            )}
          </div>
          <Models store={store} />
          <div class="part own">
            <SettingsPart store={store} />
            <Behind store={store} />
          </div>
          <GenerateBar store={store} onGenerate={generate} />
        </div>
        <Fetched extras={extras} show={({ Results }) => <Results store={store} />} />
      </section>
    );
  };
});

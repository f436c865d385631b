/** The whole of a comparison, and its upper row of controls. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Kernel } from "../kernel";
import { Button } from "./button";
import { Choice } from "./choice";
import { onKey } from "./keys";
import { Stage } from "./stage";
import type { CompareStore } from "./store";
import { type Mode, t } from "./strings";
import { Transport } from "./transport";

interface Props {
  store: CompareStore;
}

export const CompareView = component<Props & { kernel: Kernel }>(({ store }) => {
  let root: HTMLElement | null = null;
  const full = signal(false);
  const noteFull = () => {
    full.value = document.fullscreenElement !== null;
    store.say(full.value ? t().fullScreen : `${t().fullScreen} ${t().silent}`);
  };
  const follow = (element: HTMLElement | null) => {
    root?.removeEventListener("fullscreenchange", noteFull);
    root = element;
    root?.addEventListener("fullscreenchange", noteFull);
  };
  const toggleFull = () => {
    if (full.value) void document.exitFullscreen();
    else void root?.requestFullscreen();
  };
  return ({ kernel }) => {
    const { tiles } = store;
    if (tiles.value.length === 0) {
      return (
        <section class="compare" aria-label={t().title(0)}>
          <p>{t().nothing}</p>
          <p class="muted">{t().nothingHint}</p>
        </section>
      );
    }
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === "Escape" && store.help.value) store.help.value = false;
      const writes = target.matches("input:not([type=range], [type=checkbox]), select, textarea");
      const presses = event.key === " " && target.matches("button, input[type=checkbox], summary");
      if (event.defaultPrevented || writes || presses) return;
      if (onKey(store, event, toggleFull)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    return (
      <section
        class={full.value ? "compare full" : "compare"}
        aria-label={t().title(store.state.clips.length)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys act on the whole comparison
        tabIndex={0}
        ref={follow}
        onKeyDown={onKeyDown}
      >
        {kernel.silent.value && (
          <p class="silent" role="status">
            {t().kernelSilent}
          </p>
        )}
        <Toolbar store={store} full={full.value} toggleFull={toggleFull} />
        {store.vote.opened.value && store.more((more) => <more.VoteBar store={store} />)}
        {store.help.value && store.more((more) => <more.Keys />)}
        {store.mode.value !== "grid" && store.more((more) => <more.PairChoice store={store} />)}
        <Stage store={store} />
        <Transport store={store} />
        {store.tiles.value.length === 1 && store.pages === 1 && <p class="muted">{t().onlyOne}</p>}
        <p class="sr-only" aria-live="polite">
          {store.said.value}
        </p>
      </section>
    );
  };
});

const Toolbar = component<Props & { full: boolean; toggleFull: () => void }>(
  () =>
    ({ store, full, toggleFull }) => {
      const several = store.tiles.value.length > 1;
      const mode = store.mode.value;
      const zoomed = store.zoom.value !== 1 || store.actualSize.value;
      const size = store.actualSize.value ? t().fit : t().percent(store.zoom.value);
      return (
        <div class="bar" role="toolbar" aria-label={t().modesLabel}>
          {several && (
            <div class="segments">
              {(Object.keys(t().modes) as Mode[]).map((name) => (
                <Button key={name} pressed={mode === name} act={() => store.setMode(name)}>
                  {t().modes[name]}
                </Button>
              ))}
            </div>
          )}
          {mode === "difference" && (
            <Choice
              label={t().amplify}
              value={store.amplify.value}
              options={[1, 4, 16].map((factor) => [factor, t().times(factor)])}
              choose={(factor) => {
                store.amplify.value = Number(factor);
              }}
            />
          )}
          <span class="grow" />
          <Choice
            label={t().sound}
            value={store.heard.value ?? ""}
            options={[["", t().silent], ...store.audible]}
            choose={(place) => store.listen(place === "" ? null : Number(place))}
          />
          <Button
            label={t().fitLabel}
            pressed={store.actualSize.value}
            act={() => store.toggleSize()}
          >
            {t().actual}
          </Button>
          {zoomed && (
            <Button class="num" label={`${size}: ${t().resetZoom}`} act={() => store.resetView()}>
              {size}
            </Button>
          )}
          {several && (
            <Button pressed={store.vote.opened.value} act={() => store.toggleVote()}>
              {t().vote}
            </Button>
          )}
          <Button label={full ? t().leaveFullScreen : t().fullScreen} act={toggleFull}>
            {t().full}
          </Button>
          <Button pressed={store.help.value} act={() => store.toggleHelp()}>
            {t().keys}
          </Button>
        </div>
      );
    },
);

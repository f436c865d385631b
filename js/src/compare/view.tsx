/** The whole of a comparison, and its upper row of controls. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Kernel } from "../kernel";
import { onKey } from "./keys";
import { Stage } from "./stage";
import type { CompareStore } from "./store";
import type { Mode } from "./strings";
import * as strings from "./strings";
import { Transport } from "./transport";
import { VoteBar } from "./vote-bar";

interface Props {
  store: CompareStore;
}

export const CompareView = component<Props & { kernel: Kernel }>(() => {
  let root: HTMLElement | null = null;
  const full = signal(false);
  const noteFull = () => {
    full.value = document.fullscreenElement !== null;
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
  return ({ store, kernel }) => {
    const { tiles } = store;
    if (tiles.value.length === 0) {
      return (
        <section class="compare" aria-label={strings.title(0)}>
          <p>{strings.nothing}</p>
          <p class="muted">{strings.nothingHint}</p>
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
        aria-label={strings.title(store.state.clips.length)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys act on the whole comparison
        tabIndex={0}
        ref={follow}
        onKeyDown={onKeyDown}
      >
        {kernel.silent.value && (
          <p class="silent" role="status">
            {strings.kernelSilent}
          </p>
        )}
        <Toolbar store={store} full={full.value} toggleFull={toggleFull} />
        {store.vote.opened.value && <VoteBar store={store} />}
        {store.help.value && <Keys />}
        {store.mode.value !== "grid" && <PairChoice store={store} />}
        <Stage store={store} />
        <Transport store={store} />
        {store.tiles.value.length === 1 && store.pages === 1 && (
          <p class="muted">{strings.onlyOne}</p>
        )}
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
      return (
        <div class="bar" role="toolbar" aria-label={strings.modesLabel}>
          {several && (
            <div class="segments">
              {(Object.keys(strings.modes) as Mode[]).map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={mode === name}
                  onClick={() => store.setMode(name)}
                >
                  {strings.modes[name]}
                </button>
              ))}
            </div>
          )}
          {mode === "difference" && (
            <label class="inline">
              {strings.amplify}
              <select
                value={store.amplify.value}
                onChange={(event) => {
                  store.amplify.value = Number(event.currentTarget.value);
                }}
              >
                {[1, 4, 16].map((factor) => (
                  <option key={factor} value={factor}>
                    {strings.times(factor)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <span class="grow" />
          <label class="inline">
            {strings.sound}
            <select
              value={store.heard.value ?? ""}
              onChange={({ currentTarget: { value } }) =>
                store.listen(value === "" ? null : Number(value))
              }
            >
              <option value="">{strings.silent}</option>
              {store.tiles.value.map((tile, place) =>
                tile.clip.value.has_sound ? (
                  <option key={tile.clip.value.id} value={place}>
                    {store.vote.blind.value ? store.nameOf(place) : `${place + 1}`}
                  </option>
                ) : null,
              )}
            </select>
          </label>
          <button
            type="button"
            aria-label={strings.fitLabel}
            aria-pressed={store.actualSize.value}
            onClick={() => {
              store.actualSize.value = !store.actualSize.value;
              if (!store.actualSize.value) store.setZoom(store.zoom.value);
            }}
          >
            {strings.actual}
          </button>
          {zoomed && (
            <button
              type="button"
              class="num"
              title={strings.resetZoom}
              aria-label={strings.resetZoom}
              onClick={() => store.resetView()}
            >
              {store.actualSize.value ? strings.fit : strings.zoomedBy(store.zoom.value)}
            </button>
          )}
          {several && (
            <button
              type="button"
              aria-pressed={store.vote.opened.value}
              onClick={() => store.toggleVote()}
            >
              {strings.vote}
            </button>
          )}
          <button
            type="button"
            aria-label={full ? strings.leaveFullScreen : strings.fullScreen}
            title={full ? strings.leaveFullScreen : strings.fullScreen}
            onClick={toggleFull}
          >
            {strings.full}
          </button>
          <button
            type="button"
            aria-expanded={store.help.value}
            onClick={() => {
              store.help.value = !store.help.value;
            }}
          >
            {strings.keys}
          </button>
        </div>
      );
    },
);

const PairChoice = component<Props>(() => ({ store }) => (
  <div class="pair">
    {([0, 1] as const).map((side) => (
      <select
        key={side}
        aria-label={side === 0 ? strings.first : strings.second}
        value={store.pair.value[side]}
        onChange={(event) => store.setPair(side, Number(event.currentTarget.value))}
      >
        {store.tiles.value.map((tile, place) => (
          <option key={tile.clip.value.id} value={place}>
            {place + 1} {store.nameOf(place)}
          </option>
        ))}
      </select>
    ))}
  </div>
));

const Keys = component(() => () => (
  <dl class="keys">
    {strings.keyList.map(([keys, what]) => (
      <div key={keys}>
        <dt>
          <kbd>{keys}</kbd>
        </dt>
        <dd>{what}</dd>
      </div>
    ))}
  </dl>
));

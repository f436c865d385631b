/** The clock's controls: play, step, scrub, speed, loop. */
import { component } from "../component";
import { type CompareStore, SPEEDS } from "./store";
import * as strings from "./strings";
import { clockText, type Ends } from "./timing";

interface Props {
  store: CompareStore;
}

export const Transport = component<Props>(() => ({ store }) => {
  const conductor = store.conductor.value;
  const playing = conductor.playing.value;
  return (
    <div class="transport">
      <div class="bar">
        <Tool label={strings.toStart} act={() => conductor.seek(0)} text="|◁" />
        <Tool label={strings.stepBack} act={() => conductor.step(-1)} text="◁" />
        <button
          type="button"
          class="play"
          aria-label={playing ? strings.pause : strings.play}
          onClick={() => conductor.toggle()}
        >
          {playing ? "❚❚" : "▶︎"}
        </button>
        <Tool label={strings.stepOn} act={() => conductor.step(1)} text="▷" />
        <Tool label={strings.toEnd} act={() => conductor.seek(conductor.length.value)} text="▷|" />
        <Scrubber store={store} />
        <Reading store={store} />
      </div>
      <div class="bar">
        <label class="inline">
          {strings.speed}
          <select
            value={conductor.speed.value}
            onChange={(event) => store.setSpeed(Number(event.currentTarget.value))}
          >
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {strings.speedOf(speed)}
              </option>
            ))}
          </select>
        </label>
        <label class="inline">
          <input
            type="checkbox"
            checked={conductor.looping.value}
            onChange={(event) => {
              conductor.looping.value = event.currentTarget.checked;
            }}
          />
          {strings.loop}
        </label>
        <Tool label={strings.loopFrom} act={() => store.markRange("from")} text="[" />
        <Tool label={strings.loopTo} act={() => store.markRange("to")} text="]" />
        {conductor.range.value && (
          <button type="button" class="num" onClick={() => store.markRange("all")}>
            {conductor.range.value.map(clockText).join(" - ")} ✕
          </button>
        )}
        <label class="inline">
          {strings.atTheEnd}
          <select
            value={conductor.ends.value}
            onChange={(event) => store.setEnds(event.currentTarget.value as Ends)}
          >
            {Object.entries(strings.ends).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <span class="grow" />
        {conductor.waiting.value && (
          <span class="muted" role="status">
            {strings.waiting}
          </span>
        )}
        {conductor.backwards.value && <span class="muted">{strings.backwards}</span>}
        {store.pages > 1 && (
          <>
            <Tool label={strings.previousPage} act={() => store.turnPage(-1)} text="‹" />
            <span class="num">{strings.page(store.page.value + 1, store.pages)}</span>
            <Tool label={strings.nextPage} act={() => store.turnPage(1)} text="›" />
          </>
        )}
      </div>
    </div>
  );
});

const Tool = component<{ label: string; text: string; act: () => void }>(
  () =>
    ({ label, text, act }) => (
      <button type="button" class="tool" aria-label={label} title={label} onClick={act}>
        {text}
      </button>
    ),
);

const Scrubber = component<Props>(() => ({ store }) => {
  const conductor = store.conductor.value;
  const { fps } = conductor;
  const last = Math.max(0, conductor.length.value - 1 / fps);
  const [from, to] = conductor.bounds;
  const part = (t: number) => `${(conductor.length.value ? t / conductor.length.value : 0) * 100}%`;
  return (
    <div
      class="scrubber"
      data-range={conductor.range.value ? "" : undefined}
      style={{ "--from": part(from), "--to": part(to) }}
    >
      <input
        type="range"
        min={0}
        max={last}
        step={1 / fps}
        value={conductor.position.value}
        aria-label={strings.position}
        aria-valuetext={clockText(conductor.position.value)}
        onInput={(event) => conductor.seek(Number(event.currentTarget.value))}
      />
    </div>
  );
});

const Reading = component<Props>(() => ({ store }) => {
  const conductor = store.conductor.value;
  const { fps } = conductor;
  const t = conductor.position.value;
  const count = Math.max(1, Math.round(conductor.length.value * fps));
  const frame = Math.min(count, Math.floor(t * fps + 0.01) + 1);
  return (
    <span class="reading num">
      <b>{clockText(t)}</b>
      <span class="muted">{strings.frameOf(frame, count)}</span>
    </span>
  );
});

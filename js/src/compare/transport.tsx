/** The clock's controls: play, step, scrub, speed, loop. */
import { component } from "../component";
import { Button } from "./button";
import { Choice } from "./choice";
import { type CompareStore, SPEEDS } from "./store";
import { t } from "./strings";
import { clockText, type Ends } from "./timing";

interface Props {
  store: CompareStore;
}

export const Transport = component<Props>(() => ({ store }) => {
  const conductor = store.conductor.value;
  const playing = conductor.playing.value;
  const range = conductor.range.value?.map(clockText).join(" - ");
  return (
    <div class="transport">
      <div class="bar">
        <Button class="tool" label={t().toStart} act={() => store.seek(0)}>
          |◁
        </Button>
        <Button class="tool" label={t().stepBack} act={() => store.step(-1)}>
          ◁
        </Button>
        <Button class="play" label={playing ? t().pause : t().play} act={() => store.toggle()}>
          {playing ? "❚❚" : "▶︎"}
        </Button>
        <Button class="tool" label={t().stepOn} act={() => store.step(1)}>
          ▷
        </Button>
        <Button class="tool" label={t().toEnd} act={() => store.seek(conductor.length.value)}>
          ▷|
        </Button>
        <Scrubber store={store} />
        <Reading store={store} />
      </div>
      <div class="bar">
        <Choice
          label={t().speed}
          value={conductor.speed.value}
          options={SPEEDS.map((speed) => [speed, t().speedOf(speed)])}
          choose={(speed) => store.setSpeed(Number(speed))}
        />
        <label class="inline">
          <input
            type="checkbox"
            checked={conductor.looping.value}
            onChange={(event) => {
              conductor.looping.value = event.currentTarget.checked;
            }}
          />
          {t().loop}
        </label>
        <Button class="tool" label={t().loopFrom} act={() => store.markRange("from")}>
          [
        </Button>
        <Button class="tool" label={t().loopTo} act={() => store.markRange("to")}>
          ]
        </Button>
        {range && (
          <Button
            class="num"
            label={`${range} ✕ ${t().loopAll}`}
            act={() => store.markRange("all")}
          >
            {range} ✕
          </Button>
        )}
        <Choice
          label={t().atTheEnd}
          value={conductor.ends.value}
          options={Object.entries(t().ends)}
          choose={(ends) => store.setEnds(ends as Ends)}
        />
        <span class="grow" />
        {conductor.waiting.value && (
          <span class="muted" role="status">
            {t().waiting}
          </span>
        )}
        {conductor.begun.value &&
          store.more(
            (more) => <more.DriftReading key={store.page.value} conductor={conductor} />,
            true,
          )}
        {conductor.backwards.value && <span class="muted">{t().backwards}</span>}
        {store.pages > 1 && (
          <>
            <Button label={t().previousPage} act={() => store.turnPage(-1)}>
              ‹
            </Button>
            <span class="num">{t().page(store.page.value + 1, store.pages)}</span>
            <Button label={t().nextPage} act={() => store.turnPage(1)}>
              ›
            </Button>
          </>
        )}
      </div>
    </div>
  );
});

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
        aria-label={t().position}
        aria-valuetext={clockText(conductor.position.value)}
        onInput={(event) => conductor.seek(Number(event.currentTarget.value))}
      />
    </div>
  );
});

const Reading = component<Props>(() => ({ store }) => {
  return (
    <span class="reading num">
      <b>{clockText(store.conductor.value.position.value)}</b>
      <span class="muted">{store.reading}</span>
    </span>
  );
});

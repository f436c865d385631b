/** The modes with two clips: which, and the edge between those in one place. */
import { component } from "../component";
import { Choice } from "./choice";
import type { CompareStore } from "./store";
import { t } from "./strings";
import { m } from "./strings/more";

const STEP = 0.02;

export const WipeHandle = component<{ store: CompareStore }>(() => ({ store }) => {
  const set = (part: number) => {
    store.wipe.value = Math.min(1, Math.max(0, part));
  };
  const drag = (event: PointerEvent) => {
    const handle = event.currentTarget as HTMLElement;
    const box = handle.parentElement?.getBoundingClientRect();
    if (!box || !handle.hasPointerCapture(event.pointerId)) return;
    set((event.clientX - box.left) / box.width);
  };
  return (
    <div class="wipe-area">
      <div
        class="wipe"
        role="slider"
        tabIndex={0}
        aria-label={m().wipeHandle}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(store.wipe.value * 100)}
        aria-valuetext={t().percent(store.wipe.value)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          event.stopPropagation();
        }}
        onPointerMove={drag}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -1, End: 1 }[event.key];
          if (by === undefined || event.altKey) return;
          event.preventDefault();
          event.stopPropagation();
          set(store.wipe.value + by * (event.shiftKey ? 5 : 1));
        }}
      />
    </div>
  );
});

export const PairChoice = component<{ store: CompareStore }>(() => ({ store }) => (
  <div class="pair">
    {([0, 1] as const).map((side) => (
      <Choice
        key={side}
        bare
        label={side === 0 ? t().first : t().second}
        value={store.pair.value[side]}
        options={store.tiles.value.map((_, at) => [at, `${at + 1} ${store.nameOf(at)}`])}
        choose={(at) => store.setPair(side, Number(at))}
      />
    ))}
  </div>
));

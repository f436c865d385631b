/** The clips themselves: in a grid, beside or on top of each other. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { Caption } from "./caption";
import { type CompareStore, numberOf } from "./store";
import { type Mode, t } from "./strings";
import type { Tile } from "./tile";

interface Props {
  store: CompareStore;
}

const FLICKER_MS = 500;
const ZOOM_PER_PIXEL = 0.0015;

export const Stage = component<Props>(({ store }) => {
  const flip = setInterval(() => {
    if (store.mode.value === "flicker") store.flipped.value = !store.flipped.value;
  }, FLICKER_MS);
  let watching: HTMLElement | null = null;
  const watch = (element: HTMLElement | null) => {
    if (element === null) clearInterval(flip);
    watching = element;
  };
  const dragsFrom = panning(store, () => watching);
  return ({ store }) => {
    const tiles = store.tiles.value;
    const mode = modeOf(store);
    const { columns, rows } = store.state;
    // In a vote a row's clips are shuffled, and of a single column all rows' clips are.
    const isVote = store.vote.opened.value;
    const isMatrix = mode === "grid" && columns.length > (isVote ? 1 : 0);
    const count = isMatrix ? columns.length : columnsFor(tiles.length);
    const hasNames = isMatrix && !isVote && columns.some((name) => name !== "");
    const [zoom, [panX, panY]] = [store.zoom.value, store.pan.value];
    return (
      <div
        ref={watch}
        class={layoutOf(mode)}
        data-mode={mode}
        data-size={store.actualSize.value ? "actual" : "fit"}
        data-named={isMatrix && rows.some((name) => name !== "") ? "rows" : undefined}
        style={{
          "--columns": count,
          "--zoom": zoom,
          "--pan-x": `${panX * 100}%`,
          "--pan-y": `${panY * 100}%`,
          "--wipe": `${store.wipe.value * 100}%`,
          "--amplify": store.amplify.value,
          "--aspect": aspectOf(store),
        }}
        onWheel={(event) => {
          if (!event.ctrlKey && !event.metaKey) return;
          event.preventDefault();
          store.setZoom(zoom * (1 - event.deltaY * ZOOM_PER_PIXEL));
        }}
        {...dragsFrom}
      >
        {hasNames &&
          columns.map((name, index) => (
            <h3 key={`column${index}`} class="column-name">
              {name}
            </h3>
          ))}
        {tiles.map((tile, place) => {
          const starts = isMatrix && place % count === 0;
          const row = starts && rows[Math.floor(numberOf(tile) / count)];
          return [
            row && (
              <h3 key={`row${place}`} class="row-name">
                {row}
              </h3>
            ),
            <TileView key={tile.clip.value.id} tile={tile} place={place} store={store} />,
          ];
        })}
        {mode === "wipe" && store.more((more) => <more.WipeHandle store={store} />, true)}
        {mode === "difference" && store.amplify.value > 1 && <div class="amplifier" />}
      </div>
    );
  };
});

/** A clip that is blocked has no picture to put another on. */
function modeOf({ mode, pair, tiles }: CompareStore): Mode {
  const isGrid = mode.value === "grid";
  const blocked = !isGrid && pair.value.some((place) => tiles.value[place]?.blocked);
  return blocked ? "two" : mode.value;
}

/** Beside each other, and on top of each other where two are shown in one place. */
const layoutOf = (mode: Mode) =>
  ({ grid: "stage", two: "stage duo" })[mode as string] ?? "stage duo stack";

/** Columns that leave cells about as wide as high rows allow: 2 for 4, 3 for 9, 4 for 16. */
const columnsFor = (count: number) => Math.min(4, Math.ceil(Math.sqrt(count)));

/** In the modes with two clips both stand in the first one's frame, in a grid in the middle one. */
function aspectOf({ mode, pair, tiles }: CompareStore): string {
  const shapeOf = (tile?: Tile) => {
    const clip = tile?.clip.value;
    return clip?.width_px ? clip.width_px / clip.height_px : 0;
  };
  const first = mode.value !== "grid" && shapeOf(tiles.value[pair.value[0]]);
  const all = tiles.value.map(shapeOf).filter(Boolean);
  return String(first || all.sort((a, b) => a - b)[all.length >> 1] || "16 / 9");
}

const TileView = component<{ tile: Tile; place: number; store: CompareStore }>(
  () =>
    ({ tile, place, store }) => {
      const [first, second] = store.pair.value;
      const grid = store.mode.value === "grid";
      const role = grid ? "cell" : place === first ? "a" : place === second ? "b" : "away";
      const clip = tile.clip.value;
      const name = store.nameOf(place);
      const isGap = !tile.player && !clip.name && !tile.problem.value?.remedy;
      return (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys 1 to 9 choose
        <article
          class={isGap ? "tile gap" : "tile"}
          data-role={role}
          data-chosen={store.chosen.value === place ? "" : undefined}
          data-flipped={store.flipped.value ? "" : undefined}
          aria-label={`${t().clipNumber(place + 1)}: ${name}`}
          onClick={() => store.choose(place)}
        >
          <Screen tile={tile} store={store} />
          <Caption tile={tile} place={place} store={store} />
        </article>
      );
    },
);

const Screen = component<{ tile: Tile; store: CompareStore }>(() => {
  const failed = signal(false);
  return ({ tile, store }) => {
    const { player } = tile;
    const clip = tile.clip.value;
    const phase = player?.phase.value ?? "inside";
    const away = phase !== "inside" && store.conductor.value.ends.value === "blank";
    const { blocked } = tile;
    return (
      <div
        class="screen"
        data-blank={away ? "" : undefined}
        style={{
          "--width": `${clip.width_px}px`,
          "--height": `${clip.height_px}px`,
        }}
      >
        {tile.poster.value && !failed.value && !player?.started.value && (
          <img
            src={tile.poster.value}
            alt=""
            onError={() => {
              failed.value = true;
            }}
          />
        )}
        {player && (
          <div
            class="picture"
            hidden={blocked}
            ref={(box) => {
              if (box && player.video.parentElement !== box) box.append(player.video);
            }}
          />
        )}
        {blocked ? (
          <Trouble tile={tile} store={store} />
        ) : (
          tile.loading.value !== null &&
          !player?.started.value && (
            <span class="loading num">{t().loading(Math.floor(tile.loading.value * 100))}</span>
          )
        )}
      </div>
    );
  };
});

/** Why there is no picture, and what can be done about it. */
const Trouble = component<{ tile: Tile; store: CompareStore }>(() => ({ tile, store }) => {
  const problem = tile.problem.value;
  return (
    <div class="trouble" role="status">
      {problem && (
        <>
          <p>{problem.what}</p>
          {problem.money && <p>{problem.money}</p>}
          {problem.remedy && <p class="faint">{problem.remedy}</p>}
        </>
      )}
      {tile.unplayable.value &&
        store.more((more) => <more.CopyOffer tile={tile} hidden={store.vote.blind.value} />)}
    </div>
  );
});

/** Drag a picture: all move in step. */
function panning(store: CompareStore, stage: () => HTMLElement | null) {
  let from: { x: number; y: number; width: number; height: number } | null = null;
  return {
    onPointerDown: (event: PointerEvent) => {
      const screen = (event.target as Element).closest?.(".picture");
      if (!screen || (store.zoom.value === 1 && !store.actualSize.value)) return;
      const { width, height } = screen.getBoundingClientRect();
      from = { x: event.clientX, y: event.clientY, width, height };
      stage()?.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      if (!from) return;
      store.panBy((event.clientX - from.x) / from.width, (event.clientY - from.y) / from.height);
      from = { ...from, x: event.clientX, y: event.clientY };
    },
    onPointerUp: () => {
      from = null;
    },
    onPointerCancel: () => {
      from = null;
    },
  };
}

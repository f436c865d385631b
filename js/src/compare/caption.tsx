/** What is known about a clip, under it. */
import { component } from "../component";
import type { CompareClip, MetricText } from "../messages.gen";
import { Button } from "./button";
import type { CompareStore } from "./store";
import { t } from "./strings";
import { codec } from "./strings/en";
import type { Tile } from "./tile";
import { clockText, lengthOf } from "./timing";

interface Props {
  tile: Tile;
  place: number;
  store: CompareStore;
}

export const Caption = component<Props>(() => ({ tile, place, store }) => {
  const clip = tile.clip.value;
  const blind = store.vote.blind.value;
  const name = store.nameOf(place);
  const { columns } = store.state;
  const isVote = store.vote.opened.value;
  const told = isVote ? [columns.length > 1 && clip.row] : [clip.row, clip.column];
  const metrics = clip.metrics.filter(({ value }) => value !== undefined);
  const more = [
    clip.cost_per_s,
    clip.time_to_result_s === undefined
      ? undefined
      : t().perResult(durationText(clip.time_to_result_s)),
    clip.seed === undefined ? undefined : t().seedOf(clip.seed),
  ].filter(Boolean);
  return (
    <div class="caption">
      <p class="name">
        <span title={blind ? undefined : clip.file_name}>
          {!blind && <span class="number num">{place + 1}</span>} {name}
        </span>
        {!blind && clip.cost && <span class="num price">{clip.cost}</span>}
      </p>
      {tile.player && !blind && (
        <>
          {more.length > 0 && <p class="muted num">{more.join(" · ")}</p>}
          <p class="muted num">{factsOf(clip)}</p>
          {metrics.length > 0 && <Metrics metrics={metrics} />}
        </>
      )}
      {tile.player && clip.prompt && !told.includes(clip.prompt) && (
        <p class="prompt muted" title={clip.prompt}>
          {clip.prompt}
        </p>
      )}
      {tile.player && <Now tile={tile} place={place} store={store} />}
      {store.vote.opened.value &&
        tile.player &&
        store.more((more) => <more.PlaceButton tile={tile} store={store} />, true)}
    </div>
  );
});

const Metrics = component<{ metrics: MetricText[] }>(() => ({ metrics }) => (
  <ul class="metrics num">
    {metrics.map(({ name, label, value = 0, unit }) => (
      <li key={name}>
        <span class="muted">{t().metric(name, label)}</span> {numberText(value)} {unit}
      </li>
    ))}
  </ul>
));

/** The frame on screen, what the clip does outside its range, and moving it against the others. */
const Now = component<Props>(() => ({ tile, place, store }) => {
  const { player } = tile;
  if (!player) return null;
  const conductor = store.conductor.value;
  const ends = conductor.ends.value;
  const phase = player.phase.value;
  const lap = player.lap;
  const delay = conductor.delayOf(player);
  // The length changes with every shift, and reading it shows the delay anew.
  void conductor.length.value;
  const state =
    phase === "after"
      ? t().ended(clockText(delay + lengthOf(player.track)), ends)
      : phase === "before"
        ? t().notYet(clockText(delay), ends)
        : lap > 0
          ? t().repeats(lap)
          : "";
  const name = store.nameOf(place);
  const hears = store.heard.value === place;
  return (
    <div class="now num">
      <span class="muted">
        {player.started.value && !store.vote.blind.value && t().frame(player.frame.value + 1)}
        {state && <span class="state"> {state}</span>}
      </span>
      <span class="tools">
        {tile.clip.value.has_sound && (
          <Button
            class="quiet"
            pressed={hears}
            label={t().listenTo(name)}
            act={() => store.listen(hears ? null : place)}
          >
            ♪
          </Button>
        )}
        {store.tiles.value.length > 1 && (
          <>
            <Button class="quiet" label={t().shiftBack(name)} act={() => store.nudge(place, -1)}>
              ‹
            </Button>
            <span class="muted">{t().shift(tile.shift.value)}</span>
            <Button class="quiet" label={t().shiftOn(name)} act={() => store.nudge(place, 1)}>
              ›
            </Button>
          </>
        )}
      </span>
    </div>
  );
});

/** "5.00 s, 1920x1080, 24 fps, H264, sound". */
function factsOf(clip: CompareClip): string {
  const parts = [`${(clip.end_s - clip.start_s).toFixed(2)} s`];
  if (clip.width_px) parts.push(`${clip.width_px}x${clip.height_px}`);
  parts.push(`${Number(clip.fps.toFixed(2))} fps`);
  if (clip.video_codec) parts.push(codec(clip.video_codec));
  if (clip.has_sound) parts.push(t().soundMark);
  if (clip.is_copy) parts.push(t().copyMark);
  return parts.join(", ");
}

/** Three digits that count. */
const numberText = (value: number) => String(Number(value.toPrecision(3)));

/** "42 s", "2 min 5 s". */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

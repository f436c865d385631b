/** The drift of the clips that play, as it is measured. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Conductor } from "./conductor";
import { Drift } from "./drift";
import type { Player } from "./player";
import { m } from "./strings/more";
import { lengthOf } from "./timing";

export const DriftReading = component<{ conductor: Conductor }>(({ conductor }) => {
  const worst = signal<number | null>(null);
  let drift = new Drift(1);
  const begin = () => {
    drift = new Drift(conductor.speed.peek());
  };
  const note = (player: Player, shown: VideoFrameCallbackMetadata) => {
    const { track, lap } = player;
    const frameS = 1 / track.fps;
    const inRangeS = shown.mediaTime + frameS / 2 - track.startS;
    const clockS = conductor.delayOf(player) + lap * lengthOf(track) + inRangeS;
    drift.seen(player, { atMs: shown.expectedDisplayTime, clockS, frameS });
    if (drift.worst !== null) worst.value = Math.round(drift.worst * 10) / 10;
  };
  const ends = [
    conductor.speed.subscribe(begin),
    conductor.playing.subscribe((playing) => playing && begin()),
    ...conductor.players.map((player) =>
      watch(
        player,
        (shown) => note(player, shown),
        () => drift.lost(player),
      ),
    ),
  ];
  const follow = (element: HTMLElement | null) => {
    if (element === null) for (const end of ends) end();
  };
  return () => (
    <span class="muted num" ref={follow} title={m().driftHint}>
      {worst.value !== null && m().drift(worst.value)}
    </span>
  );
});

/** Tells every frame that a player shows while it runs, and when it is stopped or moved. */
function watch(
  player: Player,
  onFrame: (shown: VideoFrameCallbackMetadata) => void,
  onBreak: () => void,
): () => void {
  const { video } = player;
  const breaks = ["pause", "seeking"];
  let request = 0;
  const next = () => {
    request = video.requestVideoFrameCallback((_now, shown) => {
      if (player.running && !player.seeking) onFrame(shown);
      next();
    });
  };
  next();
  for (const name of breaks) video.addEventListener(name, onBreak);
  return () => {
    video.cancelVideoFrameCallback(request);
    for (const name of breaks) video.removeEventListener(name, onBreak);
  };
}

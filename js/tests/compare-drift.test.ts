/** The measured drift of clips, from frames that a browser would report. */
import { expect, it } from "vitest";
import { Drift } from "../src/compare/drift";

/** Frames of a clip that plays for two seconds, late on the clock by `lateS` from a moment on. */
function play(drift: Drift, clip: string, fps: number, lateS = 0, fromMs = 0) {
  const frameS = 1 / fps;
  for (let atMs = 0; atMs < 2_000; atMs += 1000 / 60) {
    const placeS = (atMs / 1000) * drift.speed - (atMs >= fromMs ? lateS : 0);
    const clockS = (Math.floor(placeS * fps) + 0.5) * frameS;
    drift.seen(clip, { atMs, clockS, frameS });
  }
}

it("is nought between clips of any rates that are where they should be, at any speed", () => {
  for (const speed of [0.5, 1, 2]) {
    const drift = new Drift(speed);
    play(drift, "a", 24);
    play(drift, "b", 30000 / 1001);
    play(drift, "c", 15);
    expect(drift.worst).toBeCloseTo(0);
  }
});

it("is what a clip is late by beyond its frame, in frames of the slower clip", () => {
  const drift = new Drift(1);
  play(drift, "a", 30);
  play(drift, "b", 10, 0.25);
  // Between 0.25 s less a frame of each and 0.25 s, by how their frames fall.
  expect(drift.worst).toBeGreaterThan(1.2);
  expect(drift.worst).toBeLessThanOrEqual(2.5);
});

it("tells nothing of one clip, of the first second, or of one that was moved", () => {
  const drift = new Drift(1);
  play(drift, "a", 24);
  expect(drift.worst).toBeNull();
  drift.seen("b", { atMs: 2_000, clockS: 9, frameS: 1 / 24 });
  expect(drift.worst).toBeNull();
  drift.lost("a");
  drift.seen("b", { atMs: 4_000, clockS: 9, frameS: 1 / 24 });
  expect(drift.worst).toBeNull();
});

/** The clock of a comparison, without a browser's players. */
import { describe, expect, it } from "vitest";
import { Clock } from "../src/compare/clock";
import { Follower } from "../src/compare/follower";
import {
  clockLength,
  clockText,
  delays,
  frameAt,
  middleOf,
  onFrame,
  placeAt,
  stepped,
  type Track,
} from "../src/compare/timing";

const track = (fps: number, endS: number, syncS = 0, startS = 0, firstS = 0): Track => ({
  startS: firstS + startS,
  endS: firstS + endS,
  firstS,
  fps,
  syncS,
});

describe("the clock", () => {
  it("moves with the wall clock at its speed, and stands where it was stopped", () => {
    const clock = new Clock();
    clock.moveTo(2);
    clock.start(1000);
    expect(clock.at(1500)).toBeCloseTo(2.5);
    clock.setSpeed(0.5, 2000);
    expect(clock.at(4000)).toBeCloseTo(4);
    clock.stop(4000);
    expect(clock.at(9000)).toBeCloseTo(4);
  });
});

describe("places", () => {
  it("start clips so that their sync points meet", () => {
    const tracks = [track(24, 5, 1), track(24, 5, 3)];
    expect(delays(tracks)).toEqual([2, 0]);
    expect(clockLength(tracks)).toBe(7);
    const at3 = tracks.map((t, index) => placeAt(t, 3, delays(tracks)[index] ?? 0, "hold").fileS);
    expect(at3).toEqual([1, 3]);
  });

  it("hold or blank a clip outside its range, and loop it when asked", () => {
    const ten = track(24, 4, 0, 2);
    expect(placeAt(ten, 1.5, 0, "hold")).toEqual({ phase: "inside", fileS: 3.5, lap: 0 });
    expect(placeAt(ten, 2, 0, "hold").phase).toBe("after");
    expect(placeAt(ten, 0.5, 1, "blank").phase).toBe("before");
    expect(placeAt(ten, 5, 0, "loop")).toEqual({ phase: "inside", fileS: 3, lap: 2 });
  });

  it("name the frame at a time, also where the rate was rounded", () => {
    const ntsc = track(29.97, 60);
    for (const number of [0, 1, 299, 1500]) {
      const start = (number * 1001) / 30000;
      expect(frameAt(ntsc, start)).toBe(number);
      expect(frameAt(ntsc, middleOf(ntsc, number))).toBe(number);
    }
    expect(frameAt(track(24, 5), 5)).toBe(119);
    expect(frameAt(track(24, 4, 0, 2), 0)).toBe(48);
  });

  it("count frames from the file's first, which need not be at its clock's zero", () => {
    const late = track(24, 4, 0, 0, 0.5);
    const { fileS } = placeAt(late, 0.5 / 24, 0, "hold");
    expect(frameAt(late, fileS)).toBe(0);
    expect(middleOf(late, 0)).toBeCloseTo(0.5 + 0.5 / 24);
    expect(frameAt(late, placeAt(late, 9, 0, "hold").fileS)).toBe(95);
    expect(frameAt(track(24, 4, 0, 2, 0.5), 0)).toBe(48);
  });

  it("step by the finest frame and come back", () => {
    let t = 0;
    for (let n = 0; n < 100; n += 1) t = stepped(t, 29.97, 1);
    expect(onFrame(t, 29.97)).toBeCloseTo(100 / 29.97, 9);
    for (let n = 0; n < 100; n += 1) t = stepped(t, 29.97, -1);
    expect(t).toBeCloseTo(0, 9);
  });

  it("are shown to the millisecond", () => {
    expect(clockText(2.375)).toBe("0:02.375");
    expect(clockText(59.9996)).toBe("1:00.000");
  });
});

/** A clip whose player starts late, runs a little slow, and with sound falls back at each change. */
function simulated(fps: number, offsetS: number, skew: number, speed: number, sound: boolean) {
  const follower = new Follower(fps);
  let [position, rate] = [-offsetS, speed];
  const errors: number[] = [];
  let shown = -1;
  for (let ms = 0; ms < 8000; ms += 1) {
    position += (rate * (1 + skew)) / 1000;
    const frame = Math.floor(position * fps);
    if (ms % 17 !== 0 || frame === shown) continue;
    shown = frame;
    const error = (ms / 1000) * speed - position;
    errors.push(error);
    const next = follower.measured(error, speed);
    if (next === null || next === rate) continue;
    if (sound && rate === speed) position -= 0.02 * speed;
    rate = next;
  }
  return errors;
}

describe("a follower", () => {
  it.each([
    [24, 0.12, 0.0005, 1, false],
    [24, 0.03, 0.0001, 1, true],
    [30, -0.08, -0.0005, 1, false],
    [30, -0.015, 0, 1, true],
    [60, 0.05, 0.001, 0.5, false],
    [24, 0.2, 0, 2, true],
  ])(
    "brings a %d fps clip that is %d s off within half a frame",
    (fps, off, skew, speed, sound) => {
      const errors = simulated(fps, off, skew, speed, sound);
      const late = errors.slice(Math.floor(errors.length / 4));
      expect(Math.max(...late.map(Math.abs))).toBeLessThan(Math.max(0.5 / fps, 0.01 * speed));
    },
  );

  it("leaves a clip alone that is where it should be", () => {
    const follower = new Follower(24);
    for (let n = 0; n < 50; n += 1) expect(follower.measured(0.004, 1)).toBeNull();
  });

  it("is not misled by one reading", () => {
    const follower = new Follower(24);
    for (let n = 0; n < 50; n += 1) {
      expect(follower.measured(n === 20 ? 0.2 : 0, 1)).toBeNull();
    }
  });
});

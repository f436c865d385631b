/** Every control of a comparison by keyboard. */
import type { Conductor } from "./conductor";
import type { CompareStore } from "./store";
import type { Mode } from "./strings";

const MODES: Record<string, Mode> = {
  g: "grid",
  t: "two",
  w: "wipe",
  d: "difference",
  f: "flicker",
};
const ZOOM_STEP = 1.25;
const PAN_STEP = 0.05;

type Act = (store: CompareStore, conductor: Conductor, shift: boolean) => void;

const playOrPause: Act = (store) => store.toggle();
const move =
  (sign: 1 | -1): Act =>
  (store, conductor, shift) =>
    shift ? store.seek(conductor.position.value + sign) : store.step(sign);
const zoomBy =
  (factor: number): Act =>
  (store) =>
    store.setZoom(store.zoom.value * factor);

const ACTIONS: Record<string, Act> = {
  " ": playOrPause,
  k: playOrPause,
  l: (store, conductor) => {
    if (conductor.playing.value && !conductor.backwards.value) store.faster(1);
    else store.play();
  },
  j: (store) => store.reverse(),
  ArrowLeft: move(-1),
  ArrowRight: move(1),
  ArrowUp: (store) => store.faster(1),
  ArrowDown: (store) => store.faster(-1),
  Home: (store) => store.seek(0),
  End: (store, conductor) => store.seek(conductor.length.value),
  i: (store) => store.markRange("from"),
  o: (store) => store.markRange("to"),
  p: (store) => store.markRange("all"),
  m: (store) => store.listen(null),
  z: (store) => store.toggleSize(),
  "+": zoomBy(ZOOM_STEP),
  "=": zoomBy(ZOOM_STEP),
  "-": zoomBy(1 / ZOOM_STEP),
  "0": (store) => store.resetView(),
  ",": (store) => store.nudge(store.chosen.value, -1),
  ".": (store) => store.nudge(store.chosen.value, 1),
  v: (store) => store.toggleVote(),
  "?": (store) => store.toggleHelp(),
  PageDown: (store) => store.turnPage(1),
  PageUp: (store) => store.turnPage(-1),
};

/** Do what a key says; gives whether it says anything. */
export function onKey(
  store: CompareStore,
  event: KeyboardEvent,
  toggleFullScreen: () => void,
): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const conductor = store.conductor.value;
  const { shiftKey, altKey } = event;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (altKey) return pan(store, key);
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit) return number(store, Number(digit) - 1, shiftKey);
  const mode = MODES[key];
  if (mode) {
    store.setMode(store.mode.value === mode ? "grid" : mode);
    return true;
  }
  if (key === "x") {
    toggleFullScreen();
    return true;
  }
  const act = ACTIONS[key];
  if (!act) return false;
  act(store, conductor, shiftKey);
  return true;
}

function number(store: CompareStore, place: number, shift: boolean): boolean {
  if (place >= store.tiles.value.length) return false;
  store.choose(place);
  if (store.mode.value === "grid") store.listen(store.heard.value === place ? null : place);
  else store.setPair(shift ? 0 : 1, place);
  return true;
}

function pan(store: CompareStore, key: string): boolean {
  const by = {
    ArrowLeft: [PAN_STEP, 0],
    ArrowRight: [-PAN_STEP, 0],
    ArrowUp: [0, PAN_STEP],
    ArrowDown: [0, -PAN_STEP],
  }[key];
  if (!by) return false;
  store.panBy(by[0] ?? 0, by[1] ?? 0);
  return true;
}

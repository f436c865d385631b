/** Every control of a comparison by keyboard. */
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

/** Do what a key says; gives whether it says anything. */
export function onKey(
  store: CompareStore,
  event: KeyboardEvent,
  toggleFullScreen: () => void,
): boolean {
  if (event.ctrlKey || event.metaKey) return false;
  const conductor = store.conductor.value;
  const { key, shiftKey, altKey } = event;
  if (altKey) return pan(store, key);
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (digit) return number(store, Number(digit) - 1, shiftKey);
  const mode = MODES[key.toLowerCase()];
  if (mode) {
    store.setMode(store.mode.value === mode ? "grid" : mode);
    return true;
  }
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case " ":
    case "k":
      conductor.toggle();
      break;
    case "l":
      if (!conductor.playing.value || conductor.backwards.value) conductor.play();
      else store.faster(1);
      break;
    case "j":
      conductor.reverse();
      break;
    case "ArrowLeft":
    case "ArrowRight": {
      const sign = key === "ArrowLeft" ? -1 : 1;
      if (shiftKey) conductor.seek(conductor.position.value + sign);
      else conductor.step(sign);
      break;
    }
    case "ArrowUp":
      store.faster(1);
      break;
    case "ArrowDown":
      store.faster(-1);
      break;
    case "Home":
      conductor.seek(0);
      break;
    case "End":
      conductor.seek(conductor.length.value);
      break;
    case "i":
      store.markRange("from");
      break;
    case "o":
      store.markRange("to");
      break;
    case "p":
      store.markRange("all");
      break;
    case "m":
      store.listen(null);
      break;
    case "z":
      store.actualSize.value = !store.actualSize.value;
      break;
    case "+":
    case "=":
      store.setZoom(store.zoom.value * ZOOM_STEP);
      break;
    case "-":
      store.setZoom(store.zoom.value / ZOOM_STEP);
      break;
    case "0":
      store.resetView();
      break;
    case ",":
      store.nudge(store.chosen.value, -1);
      break;
    case ".":
      store.nudge(store.chosen.value, 1);
      break;
    case "v":
      store.toggleVote();
      break;
    case "x":
      toggleFullScreen();
      break;
    case "?":
      store.help.value = !store.help.value;
      break;
    case "PageDown":
      store.turnPage(1);
      break;
    case "PageUp":
      store.turnPage(-1);
      break;
    default:
      return false;
  }
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

/** The progress of one batch in the cell that started it. */
import { component } from "./component";
import { Extras } from "./extras";
import { Kernel, type WidgetModel } from "./kernel";
import { language } from "./language";
import { Live } from "./live";
import { Media } from "./media";
import type { BatchState } from "./messages.gen";
import { mount } from "./mount";
import { keepFresh } from "./refresh";
import { Clips } from "./results/clips";
import { Jobs } from "./results/jobs";
import { Silence } from "./silence";
import frameCss from "./styles/frame.css";
import jobsCss from "./styles/jobs.css";

interface ProgressProps {
  kernel: Kernel;
  live: Live;
  media: Media;
  extras: Extras;
}

const ProgressView = component<ProgressProps>(() => ({ kernel, live, media, extras }) => {
  const clips = live.clips.value;
  const css = extras.more.value?.css;
  return (
    <div class="frame">
      {css && <style>{css}</style>}
      <div class="panel">
        <Silence kernel={kernel} />
        <Jobs kernel={kernel} live={live} extras={extras} />
        <Clips clips={clips} count={clips.length} media={media} />
      </div>
    </div>
  );
});

export default () => {
  let around: ProgressProps;
  let state: BatchState;
  return {
    initialize({ model }: { model: WidgetModel }) {
      const kernel: Kernel = new Kernel(model, (event) => live.apply(event));
      const live = new Live(kernel.silent);
      const media = new Media(kernel);
      around = { kernel, live, media, extras: new Extras(kernel) };
      state = model.get("state") as BatchState;
      live.reset(state);
      void around.extras.speak(language());
      const stopRefresh = keepFresh(kernel, live);
      return () => {
        stopRefresh();
        live.close();
        media.close();
        kernel.close();
      };
    },
    render({ el }: { el: HTMLElement }) {
      return mount(el, state.static_class, <ProgressView {...around} />, frameCss + jobsCss);
    },
  };
};

/** The progress of one batch in the cell that started it. */

import { Clips } from "./clips";
import { component } from "./component";
import { Jobs } from "./jobs";
import { Kernel, type WidgetModel } from "./kernel";
import { Live } from "./live";
import { Media } from "./media";
import type { BatchState } from "./messages.gen";
import { mount } from "./mount";
import { keepFresh } from "./refresh";
import * as strings from "./strings";

const ProgressView = component<{ kernel: Kernel; live: Live; media: Media }>(
  () =>
    ({ kernel, live, media }) => {
      const clips = live.clips.value;
      return (
        <div class="panel">
          {kernel.silent.value && (
            <p class="silent" role="status">
              {strings.kernelSilent}
            </p>
          )}
          <Jobs kernel={kernel} live={live} />
          <Clips clips={clips} count={clips.length} media={media} />
        </div>
      );
    },
);

export default () => {
  const live = new Live();
  let kernel: Kernel;
  let media: Media;
  let state: BatchState;
  return {
    initialize({ model }: { model: WidgetModel }) {
      kernel = new Kernel(model, (event) => live.apply(event));
      media = new Media(kernel);
      state = model.get("state") as BatchState;
      live.reset(state);
      const stopRefresh = keepFresh(kernel, live);
      return () => {
        stopRefresh();
        live.close();
        media.close();
        kernel.close();
      };
    },
    render({ el }: { el: HTMLElement }) {
      return mount(
        el,
        state.static_class,
        <ProgressView kernel={kernel} live={live} media={media} />,
      );
    },
  };
};

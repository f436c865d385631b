/** A comparison: anywidget asks for a new one per widget, and renders it once per view. */
import { fetchBundle } from "../bundle";
import { Kernel, type WidgetModel } from "../kernel";
import { language } from "../language";
import { Media } from "../media";
import type { CompareState } from "../messages.gen";
import { mount } from "../mount";
import css from "./compare.css";
import { CompareStore } from "./store";
import { type Translation, translation } from "./strings";
import { CompareView } from "./view";

export default () => {
  let kernel: Kernel;
  let media: Media;
  let state: CompareState;
  return {
    initialize({ model }: { model: WidgetModel }) {
      kernel = new Kernel(model, () => {});
      media = new Media(kernel);
      state = model.get("state") as CompareState;
      if (language() === "zh") void speakChinese(kernel);
      return () => {
        media.close();
        kernel.close();
      };
    },
    /** Each view has players and a clock of its own. */
    render({ el }: { el: HTMLElement }) {
      const store = new CompareStore(state, kernel, media);
      const unmount = mount(
        el,
        state.static_class,
        <CompareView store={store} kernel={kernel} />,
        css,
      );
      return () => {
        unmount();
        store.close();
      };
    },
  };
};

async function speakChinese(kernel: Kernel): Promise<void> {
  try {
    translation.value = (await fetchBundle(kernel, "zh.js")) as unknown as Translation;
  } catch {
    // An installation without the translation reads English.
  }
}

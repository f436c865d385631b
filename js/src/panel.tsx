/** The control panel: anywidget asks for a new one per widget, and renders it once per view. */
import { Extras } from "./extras";
import { Kernel, type WidgetModel } from "./kernel";
import { language } from "./language";
import { Live } from "./live";
import type { State } from "./messages.gen";
import { mount } from "./mount";
import { PanelStore } from "./panel-store";
import { PanelView } from "./panel-view";
import { keepFresh } from "./refresh";
import frameCss from "./styles/frame.css";
import panelCss from "./styles/panel.css";

export default () => {
  let store: PanelStore;
  return {
    initialize({ model }: { model: WidgetModel }) {
      const kernel: Kernel = new Kernel(model, (event) => live.apply(event));
      const live = new Live(kernel.silent);
      const extras = new Extras(kernel);
      const state = model.get("state") as State;
      live.reset(state);
      store = new PanelStore(state, kernel, live, extras);
      void extras.speak(language());
      const stopRefresh = keepFresh(kernel, live);
      return () => {
        stopRefresh();
        store.close();
        live.close();
        kernel.close();
      };
    },
    render({ el }: { el: HTMLElement }) {
      return mount(el, store.state.static_class, <PanelView store={store} />, frameCss + panelCss);
    },
  };
};

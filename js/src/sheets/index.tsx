/** What lies over the panel: history, account, shortcuts, a question. */
import { component } from "../component";
import type { PanelStore } from "../panel-store";
import { m } from "../strings/more";
import { AccountSheet } from "./account";
import { Dialog } from "./dialog";
import { HistorySheet } from "./history";
import { QuestionDialog } from "./question";

export const Sheets = component<{ store: PanelStore }>(() => ({ store }) => {
  const close = () => {
    store.sheet.value = null;
  };
  const asked = store.asked.value;
  return (
    <>
      {store.sheet.value === "history" && <HistorySheet store={store} onClose={close} />}
      {store.sheet.value === "account" && <AccountSheet store={store} onClose={close} />}
      {store.sheet.value === "shortcuts" && <Shortcuts onClose={close} />}
      {asked && <QuestionDialog asked={asked} />}
    </>
  );
});

const Shortcuts = component<{ onClose: () => void }>(() => ({ onClose }) => (
  <Dialog title={m().shortcutsTitle} onClose={onClose}>
    <dl class="keys">
      {m().shortcuts.map(([key, what]) => (
        <div key={key} class="pair">
          <dt>{key}</dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  </Dialog>
));

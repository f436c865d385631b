/** What to start from: one tab per mode. */
import { component } from "./component";
import type { Form } from "./form";
import { t } from "./strings";

export const Tabs = component<{ form: Form }>(() => ({ form }) => {
  const { modes } = form;
  const turn = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const at = modes.indexOf(form.mode.value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    const next = modes.at(to % modes.length);
    if (!next) return;
    event.preventDefault();
    form.mode.value = next;
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t().modesLabel} onKeyDown={turn}>
      {modes.map((mode, index) => (
        <button
          key={mode}
          type="button"
          role="tab"
          id={`tab-${mode}`}
          aria-selected={form.mode.value === mode}
          aria-controls="form"
          aria-keyshortcuts={`Alt+${index + 1}`}
          tabIndex={form.mode.value === mode ? 0 : -1}
          onClick={() => {
            form.mode.value = mode;
          }}
        >
          {t().modes[mode]}
        </button>
      ))}
    </div>
  );
});

/** A question of the kernel's, before money or an account is touched. */
import { component } from "../component";
import type { Asked } from "../panel-store";
import { paying } from "../paying";
import { said } from "../strings";
import { m } from "../strings/more";
import { Dialog } from "./dialog";

export const QuestionDialog = component<{ asked: Asked }>(() => {
  // The safe answer has the focus.
  const focus = (button: HTMLButtonElement | null) => button?.focus();
  return ({ asked: { question, answer } }) => {
    const texts = m().questions[question.about];
    return (
      <Dialog title={texts.title} onClose={() => answer("cancel")}>
        <p class="asked">{said(question.text)}</p>
        <div class="row end">
          <button ref={focus} type="button" onClick={() => answer("cancel")}>
            {m().cancel}
          </button>
          {texts.no && (
            <button type="button" {...paying(() => answer("no"))}>
              {texts.no}
            </button>
          )}
          <button type="button" class="accent" {...paying(() => answer("yes"))}>
            {texts.yes}
          </button>
        </div>
      </Dialog>
    );
  };
});

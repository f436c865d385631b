/** The prompt, with the strictest limit of the ticked models. */
import { component } from "./component";
import type { Form } from "./form";
import { lengthOf } from "./options";
import { t } from "./strings";

export const PromptField = component<{ form: Form }>(() => ({ form }) => {
  const limit = form.limit.value;
  const length = lengthOf(form.prompt.value);
  const near = limit !== undefined && length > limit.max * 0.9;
  const over = limit !== undefined && length > limit.max;
  if (!form.takesPrompt()) return null;
  return (
    <div class="field">
      <div class="head">
        <label for="prompt">
          <h3>{t().prompt}</h3>
        </label>
        <span id="prompt-count" class={`num ${over ? "wrong" : "muted"}`}>
          {near && `${t().promptLimitedBy(limit.name)}: `}
          {limit ? `${length}/${limit.max}` : length}
        </span>
      </div>
      <textarea
        id="prompt"
        data-field="prompt"
        rows={4}
        aria-describedby="prompt-count"
        aria-invalid={over}
        placeholder={t().promptPlaceholder}
        value={form.prompt.value}
        onInput={(event) => {
          form.prompt.value = event.currentTarget.value;
        }}
      />
    </div>
  );
});

/** The settings that models share, and a drawer for each ticked model's own. */
import { component } from "./component";
import { Fetched } from "./fetched";
import { type Form, type Settings, valueText } from "./form";
import type { ModelRow, Scalar } from "./messages.gen";
import { sharedOptions } from "./options";
import type { PanelStore } from "./panel-store";
import { Select } from "./select";
import { t } from "./strings";

type Chosen = "duration_s" | "resolution" | "aspect_ratio" | "fps";

export const SettingsPart = component<{ store: PanelStore }>(() => ({ store }) => {
  const { form } = store;
  const rows = considered(form);
  const negative = rows.some((row) => row.parameters.some((p) => p.name === "negative_prompt"));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a grid everywhere
    <div class="part settings" role="group" aria-label={t().settings}>
      <div class="fields">
        <Choose form={form} name="duration_s" label={t().duration} text={secondsText} />
        <Choose form={form} name="resolution" label={t().size} text={valueText} />
        <Choose form={form} name="aspect_ratio" label={t().ratio} text={valueText} />
        <Choose form={form} name="fps" label={t().fps} text={fpsText} />
        <SoundChoice form={form} rows={rows} />
        <SeedField form={form} rows={rows} />
      </div>
      {negative && <NegativePrompt form={form} />}
      {form.selected.value.length > 0 && (
        <Fetched extras={store.extras} show={({ Drawers }) => <Drawers store={store} />} />
      )}
    </div>
  );
});

/** The models whose settings are offered: the ticked ones, else all of the mode. */
const considered = (form: Form) =>
  form.selected.value.length > 0 ? form.selected.value : form.rows.value;

const secondsText = (value: Scalar) => t().seconds(Number(value));
const fpsText = (value: Scalar) => t().framesPerSecond(Number(value));
const partly = (text: string, n: number, of: number) => (n < of ? t().partly(text, n, of) : text);

interface ChooseProps {
  form: Form;
  name: Chosen;
  label: string;
  text: (value: Scalar) => string;
}

const Choose = component<ChooseProps>(() => ({ form, name, label, text }) => {
  const { options, of, having } = sharedOptions(considered(form), name);
  const chosen = form.settings.value[name];
  if (having === 0) return null;
  const gone = chosen !== undefined && !options.some((option) => option.value === chosen);
  const all = gone ? [...options, { value: chosen, takenBy: 0 }] : options;
  const counted = form.selected.value.length > 0;
  return (
    <Select
      field={name}
      label={label}
      none={t().modelsDefault}
      value={chosen === undefined ? "" : String(chosen)}
      options={all.map(({ value, takenBy }) => [
        String(value),
        counted ? partly(text(value), takenBy, of) : text(value),
      ])}
      onChoose={(key) => {
        const at = all.find((option) => String(option.value) === key);
        form.set(name, at?.value as Settings[Chosen] as never);
      }}
    />
  );
});

const SoundChoice = component<{ form: Form; rows: ModelRow[] }>(() => ({ form, rows }) => {
  const { having, of } = sharedOptions(rows, "audio");
  const chosen = form.settings.value.audio;
  if (having === 0) return null;
  return (
    <Select
      field="audio"
      label={t().sound}
      none={t().modelsDefault}
      value={chosen === undefined ? "" : String(chosen)}
      options={[
        ["true", partly(t().on, having, of)],
        ["false", partly(t().off, having, of)],
      ]}
      onChoose={(value) => form.set("audio", value === "" ? undefined : value === "true")}
    />
  );
});

const SeedField = component<{ form: Form; rows: ModelRow[] }>(() => ({ form, rows }) => {
  const { having, of } = sharedOptions(rows, "seed");
  if (having === 0) return null;
  return (
    <label>
      {having < of ? t().partly(t().seed, having, of) : t().seed}
      <input
        type="number"
        class="num"
        data-field="seed"
        min={0}
        max={2147483647}
        step={1}
        placeholder={t().seedPlaceholder}
        value={form.settings.value.seed ?? ""}
        onInput={(event) => {
          const value = event.currentTarget.valueAsNumber;
          form.set("seed", Number.isInteger(value) ? value : undefined);
        }}
      />
    </label>
  );
});

const NegativePrompt = component<{ form: Form }>(() => ({ form }) => (
  <details class="fold" open={!!form.settings.value.negative_prompt}>
    <summary>{t().negativePrompt}</summary>
    <textarea
      data-field="negative_prompt"
      rows={2}
      aria-label={t().negativePrompt}
      placeholder={t().negativePlaceholder}
      value={form.settings.value.negative_prompt ?? ""}
      onInput={(event) => form.set("negative_prompt", event.currentTarget.value || undefined)}
    />
  </details>
));

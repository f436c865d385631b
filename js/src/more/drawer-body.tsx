/** One model's own parameters, drawn from the catalogue. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import { valueText } from "../form";
import type { ModelRow, ParameterRow, Value } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { said } from "../strings";
import { m } from "../strings/more";

/** What stands once, for all models, or has a field of its own. */
const elsewhere = (name: string) => name === "prompt" || name === "video_id";

export const ownParameters = (row: ModelRow) =>
  row.parameters.filter(({ name, shared }) => !shared && !elsewhere(name));

/** A parameter in words. */
export const parameterName = (name: string) => said(name.replaceAll("_", " "));

interface BodyProps {
  row: ModelRow;
  store: PanelStore;
}

export const DrawerBody = component<BodyProps>(() => ({ row, store }) => {
  const set = store.form.overrides.value[row.id] ?? {};
  const parameters = ownParameters(row);
  return (
    <div class="drawer-body">
      {row.notes.map((note) => (
        <p key={note} class="muted">
          {said(note)}
        </p>
      ))}
      {row.cues.length > 0 && <Cues cues={row.cues} store={store} />}
      {parameters.map((parameter) => (
        <Setting
          key={parameter.name}
          row={row}
          store={store}
          parameter={parameter}
          value={set[parameter.name]}
        />
      ))}
    </div>
  );
});

/** What is wrong with one of a model's own parameters. */
export const problemOf = (row: ModelRow, store: PanelStore, name: string) =>
  store.pricing.offers.value
    .get(row.id)
    ?.problems.find(({ field }) => field === `${row.id}.${name}`);

interface SettingProps extends BodyProps {
  parameter: ParameterRow;
  value: Value | undefined;
}

const Setting = component<SettingProps>(() => ({ row, store, parameter, value }) => {
  const { name } = parameter;
  const field = `${row.id}.${name}`;
  const problem = problemOf(row, store, name);
  const choose = (next: Value | undefined) => store.form.override(row.id, name, next);
  return (
    <div class="setting">
      <label for={`set-${field}`}>{parameterName(name)}</label>
      <Control id={`set-${field}`} parameter={parameter} value={value} onChange={choose} />
      <span class="muted num hint">{hintOf(parameter)}</span>
      <button
        type="button"
        class="quiet"
        aria-label={m().resetSetting(parameterName(name))}
        title={m().reset}
        disabled={value === undefined}
        onClick={() => choose(undefined)}
      >
        ↺
      </button>
      {problem && (
        <p class="wrong" role="alert">
          {said(problem.text)}
        </p>
      )}
    </div>
  );
});

function hintOf({ default: own, minimum, maximum, note }: ParameterRow): string {
  const parts = [own === undefined ? m().noDefault : m().defaultIs(valueText(own))];
  if (minimum !== undefined && maximum !== undefined) {
    parts.push(m().range(String(minimum), String(maximum)));
  }
  if (note) parts.push(said(note));
  return parts.join("; ");
}

interface ControlProps {
  id: string;
  parameter: ParameterRow;
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
}

/** The native control that fits a parameter's type. */
function Control(props: ControlProps) {
  const { type, choices, minimum, maximum } = props.parameter;
  if (choices) return <Choice {...props} />;
  if (type === "boolean") return <Switch {...props} />;
  if (type === "string_list") return <List {...props} />;
  if (type === "string") return <Text {...props} />;
  return minimum !== undefined && maximum !== undefined ? <Range {...props} /> : <Num {...props} />;
}

function Choice({ id, parameter, value, onChange }: ControlProps) {
  const options = parameter.choices ?? [];
  const shown = value ?? parameter.default;
  return (
    <select
      id={id}
      data-field={id.slice(4)}
      value={shown === undefined ? "" : String(shown)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onChange(options.find((option) => String(option) === text));
      }}
    >
      {parameter.default === undefined && <option value="">{m().noDefault}</option>}
      {options.map((option) => (
        <option key={String(option)} value={String(option)}>
          {valueText(option)}
        </option>
      ))}
    </select>
  );
}

function Switch({ id, parameter, value, onChange }: ControlProps) {
  const on = Boolean(value ?? parameter.default ?? false);
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      data-field={id.slice(4)}
      checked={on}
      aria-checked={on}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

function Text({ id, parameter, value, onChange }: ControlProps) {
  return (
    <input
      id={id}
      type="text"
      data-field={id.slice(4)}
      maxLength={parameter.max_length}
      value={String(value ?? parameter.default ?? "")}
      onInput={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

function List({ id, value, onChange }: ControlProps) {
  return (
    <textarea
      id={id}
      rows={2}
      data-field={id.slice(4)}
      placeholder={m().listHint}
      value={Array.isArray(value) ? value.join("\n") : ""}
      onInput={(event) => {
        const lines = event.currentTarget.value.split("\n").filter((line) => line.trim());
        onChange(lines.length > 0 ? lines : undefined);
      }}
    />
  );
}

function Num({ id, parameter, value, onChange }: ControlProps) {
  return (
    <input
      id={id}
      type="number"
      class="num"
      data-field={id.slice(4)}
      min={parameter.minimum}
      max={parameter.maximum}
      step={stepOf(parameter)}
      value={value === undefined ? "" : Number(value)}
      placeholder={parameter.default === undefined ? "" : String(parameter.default)}
      onInput={(event) => {
        const number = event.currentTarget.valueAsNumber;
        onChange(Number.isNaN(number) ? undefined : number);
      }}
    />
  );
}

function Range(props: ControlProps) {
  const { id, parameter, value, onChange } = props;
  const { minimum = 0, maximum = 1 } = parameter;
  return (
    <span class="range">
      <input
        type="range"
        aria-label={parameterName(parameter.name)}
        min={minimum}
        max={maximum}
        step={stepOf(parameter)}
        value={Number(value ?? parameter.default ?? minimum)}
        onInput={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <Num {...props} id={id} />
    </span>
  );
}

function stepOf({ type, multiple_of, minimum = 0, maximum = 1 }: ParameterRow): number {
  if (multiple_of !== undefined) return multiple_of;
  if (type === "integer") return 1;
  return maximum - minimum > 10 ? 0.5 : 0.05;
}

/** Words that a model reads as camera moves; they go in at the cursor. */
const Cues = component<{ cues: string[]; store: PanelStore }>(() => {
  const said = signal("");
  return ({ cues, store }) => (
    <div class="row cues">
      <span>{m().cues}</span>
      {cues.map((cue) => (
        <button
          key={cue}
          type="button"
          class="chip"
          aria-label={m().addCue(cue)}
          onClick={() => {
            insert(store, cue);
            said.value = cue;
          }}
        >
          {cue}
        </button>
      ))}
      <span class="sr-only" role="status">
        {said.value}
      </span>
    </div>
  );
});

/** Put words where the cursor stands in the prompt, and the cursor behind them. */
function insert({ form, view }: PanelStore, words: string): void {
  const box = view?.querySelector<HTMLTextAreaElement>("#prompt");
  const prompt = form.prompt.value;
  const at = box?.selectionStart ?? prompt.length;
  const before = [prompt.slice(0, at).trimEnd(), words].filter(Boolean).join(" ");
  form.prompt.value = `${before} ${prompt.slice(at).trimStart()}`.trimEnd();
  setTimeout(() => box?.setSelectionRange(before.length, before.length));
}

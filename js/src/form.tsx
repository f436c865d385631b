/** The left side: prompt, files, shared settings. */

import { signal } from "@preact/signals-core";
import { component } from "./component";
import type { FileKind, Scalar } from "./messages.gen";
import { lengthOf, sharedOptions } from "./options";
import type { PanelStore, PickedFile, Settings } from "./panel-store";
import { Select } from "./select";
import * as strings from "./strings";

export const Prompt = component<{ store: PanelStore }>(() => ({ store }) => {
  const limit = store.limit.value;
  const length = lengthOf(store.prompt.value);
  const near = limit !== undefined && length > limit.max * 0.9;
  return (
    <div class="field">
      <div class="head">
        <label for="prompt">
          <h3>{strings.prompt}</h3>
        </label>
        <span id="prompt-count" class={`num ${limit && length > limit.max ? "over" : "muted"}`}>
          {near && `${strings.promptLimitedBy(limit.name)}: `}
          {limit ? `${length}/${limit.max}` : length}
        </span>
      </div>
      <textarea
        id="prompt"
        data-field="prompt"
        rows={4}
        aria-describedby="prompt-count"
        aria-invalid={limit !== undefined && length > limit.max}
        placeholder={strings.promptPlaceholder}
        value={store.prompt.value}
        onInput={(event) => {
          store.prompt.value = event.currentTarget.value;
        }}
      />
    </div>
  );
});

export const Files = component<{ store: PanelStore }>(() => ({ store }) => {
  return (
    <>
      {store.filesAsked().map(({ name, kind, required, formats }) => (
        <FileField
          key={name}
          store={store}
          name={name}
          kind={kind}
          required={required}
          formats={formats}
        />
      ))}
    </>
  );
});

interface FileFieldProps {
  store: PanelStore;
  name: string;
  kind: FileKind;
  required: boolean;
  formats: string[];
}

const MIME_EXTRA: Record<string, string> = { mp3: ".mp3", wav: ".wav", aac: ".aac,.m4a" };

const FileField = component<FileFieldProps>(() => {
  const over = signal(false);
  const named = signal("");
  return ({ store, name, kind, required, formats }) => {
    const file = store.files.value[name];
    const take = (list: FileList | null | undefined) => {
      const first = list?.[0];
      if (first) void store.pickFile(name, kind, first);
    };
    const title = strings.fileNames[name] ?? name;
    const accept = [`${kind}/*`, ...formats.map((format) => MIME_EXTRA[format] ?? `.${format}`)];
    return (
      <div class="field">
        <div class="head">
          <h3 id={`file-${name}`}>
            {title} {!required && <span class="muted">({strings.optional})</span>}
          </h3>
          <span class="muted">{strings.allowedFormats(formats)}</span>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere */}
        <div
          class={`drop ${over.value ? "over" : ""}`}
          role="group"
          aria-labelledby={`file-${name}`}
          onDragOver={(event) => {
            event.preventDefault();
            over.value = true;
          }}
          onDragLeave={() => {
            over.value = false;
          }}
          onDrop={(event) => {
            event.preventDefault();
            event.stopPropagation();
            over.value = false;
            take(event.dataTransfer?.files);
          }}
        >
          {file && <Picked file={file} onRemove={() => store.dropFile(name)} />}
          <div class="row">
            <label class="pick">
              <input
                type="file"
                class="sr-only"
                data-field={name}
                accept={accept.join(",")}
                onChange={(event) => {
                  take(event.currentTarget.files);
                  event.currentTarget.value = "";
                }}
              />
              <span class="button">{strings.pick}</span>
            </label>
            <span class="muted">{strings.dropHere}</span>
          </div>
          <form
            class="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (named.value.trim()) void store.nameFile(name, kind, named.value.trim());
              named.value = "";
            }}
          >
            <input
              type="text"
              class="grow"
              aria-label={`${title}: ${strings.pathOrUrl}`}
              placeholder={strings.pathPlaceholder}
              value={named.value}
              onInput={(event) => {
                named.value = event.currentTarget.value;
              }}
            />
            <button type="submit" disabled={!named.value.trim()}>
              {strings.use}
            </button>
          </form>
        </div>
      </div>
    );
  };
});

const Picked = component<{ file: PickedFile; onRemove: () => void }>(() => ({ file, onRemove }) => {
  const state =
    file.facts ??
    (file.sent !== undefined && file.sent < 1
      ? strings.sending(Math.floor(file.sent * 100))
      : strings.checking);
  return (
    <div class="picked">
      {file.thumbnail && !file.problem && <img src={file.thumbnail} alt="" />}
      <div class="grow">
        <p class="strong">{file.label}</p>
        {file.problem ? (
          <div role="alert">
            <p class="what">{file.problem.what}</p>
            <p>{file.problem.remedy}</p>
          </div>
        ) : (
          <p class="muted num" role="status">
            {state}
          </p>
        )}
      </div>
      <button
        type="button"
        class="quiet"
        aria-label={strings.removeFile(file.label)}
        onClick={onRemove}
      >
        ✕
      </button>
    </div>
  );
});

type Chosen = "duration_s" | "resolution" | "aspect_ratio" | "fps";

export const SharedSettings = component<{ store: PanelStore }>(() => ({ store }) => {
  const rows = store.selected.value.length > 0 ? store.selected.value : store.rows.value;
  const settings = store.settings.value;
  const sound = sharedOptions(rows, "audio");
  const seeded = sharedOptions(rows, "seed");
  const negative = rows.some((row) => row.parameters.some((p) => p.name === "negative_prompt"));
  return (
    <div class="settings">
      <Choose store={store} name="duration_s" label={strings.duration} text={secondsText} />
      <Choose store={store} name="resolution" label={strings.size} text={String} />
      <Choose store={store} name="aspect_ratio" label={strings.ratio} text={String} />
      <Choose store={store} name="fps" label={strings.fps} text={fpsText} />
      {sound.having > 0 && (
        <Select
          field="audio"
          label={strings.sound}
          none={strings.modelsDefault}
          value={settings.audio === undefined ? "" : String(settings.audio)}
          options={[
            ["true", partly(strings.on, sound.having, sound.of)],
            ["false", partly(strings.off, sound.having, sound.of)],
          ]}
          onChoose={(value) => store.set("audio", value === "" ? undefined : value === "true")}
        />
      )}
      {seeded.having > 0 && (
        <label>
          {strings.seed}
          <input
            type="number"
            class="num"
            data-field="seed"
            min={0}
            max={2147483647}
            step={1}
            placeholder={strings.seedPlaceholder}
            title={seeded.having < seeded.of ? strings.partlyHint : ""}
            value={settings.seed ?? ""}
            onInput={(event) => {
              const value = event.currentTarget.valueAsNumber;
              store.set("seed", Number.isInteger(value) ? value : undefined);
            }}
          />
        </label>
      )}
      {negative && (
        <details class="wide" open={!!settings.negative_prompt}>
          <summary>{strings.negativePrompt}</summary>
          <textarea
            data-field="negative_prompt"
            rows={2}
            aria-label={strings.negativePrompt}
            placeholder={strings.negativePlaceholder}
            value={settings.negative_prompt ?? ""}
            onInput={(event) =>
              store.set("negative_prompt", event.currentTarget.value || undefined)
            }
          />
        </details>
      )}
    </div>
  );
});

const secondsText = (value: Scalar) => strings.seconds(Number(value));
const fpsText = (value: Scalar) => strings.framesPerSecond(Number(value));
const partly = (text: string, n: number, of: number) =>
  n < of ? strings.partly(text, n, of) : text;

interface ChooseProps {
  store: PanelStore;
  name: Chosen;
  label: string;
  text: (value: Scalar) => string;
}

const Choose = component<ChooseProps>(() => ({ store, name, label, text }) => {
  const ticked = store.selected.value;
  const { options, of, having } = sharedOptions(
    ticked.length > 0 ? ticked : store.rows.value,
    name,
  );
  const chosen = store.settings.value[name];
  if (having === 0) return null;
  const gone = chosen !== undefined && !options.some((option) => option.value === chosen);
  const all = gone ? [...options, { value: chosen, takenBy: 0 }] : options;
  return (
    <Select
      field={name}
      label={label}
      none={strings.modelsDefault}
      value={chosen === undefined ? "" : String(chosen)}
      options={all.map(({ value, takenBy }) => [
        String(value),
        ticked.length > 0 ? partly(text(value), takenBy, of) : text(value),
      ])}
      onChoose={(key) => {
        const at = all.find((option) => String(option.value) === key);
        store.set(name, at?.value as Settings[Chosen] as never);
      }}
    />
  );
});

/** The input files: dropped, pasted, picked, named, or taken from a clip. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { InputFiles, PickedFile } from "../input-files";
import type { FileKind, FileRow } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { limitText } from "../results/job-text";
import { said } from "../strings";
import { m } from "../strings/more";
import { ClipPicker } from "./clip-picker";
import { sendFile } from "./send-file";

export const FileFields = component<{ store: PanelStore }>(() => ({ store }) => (
  <>
    {store.form.filesAsked().map((asked) => (
      <FileField key={asked.name} store={store} asked={asked} />
    ))}
  </>
));

const MIME_EXTRA: Record<string, string> = { mp3: ".mp3", wav: ".wav", aac: ".aac,.m4a" };

const FileField = component<{ store: PanelStore; asked: FileRow }>(() => {
  const over = signal(false);
  const choosing = signal(false);
  return ({ store, asked }) => {
    const { name, kind, required, formats, max_bytes } = asked;
    const file = store.files.picked.value[name];
    const title = m().fileNames[name] ?? name;
    const take = (list: FileList | null | undefined) => {
      const first = list?.[0];
      if (first) void sendFile(store.files, name, kind, first);
    };
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset does not lay out as a flex container everywhere
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
        <div class="head">
          <h3 id={`file-${name}`}>
            {title} {!required && <span class="muted">({m().optional})</span>}
          </h3>
          <span class="muted num">
            {m().allowedFormats(formats)}, {m().upTo(limitText(max_bytes))}
          </span>
        </div>
        {file ? (
          <Picked name={name} file={file} onRemove={() => store.files.drop(name)} />
        ) : (
          <>
            <div class="row">
              <label class="pick">
                <input
                  type="file"
                  class="sr-only"
                  data-field={name}
                  aria-label={`${title}: ${m().pick}`}
                  accept={acceptOf(kind, formats)}
                  onChange={(event) => {
                    take(event.currentTarget.files);
                    event.currentTarget.value = "";
                  }}
                />
                <span class="button">{m().pick}</span>
              </label>
              {kind !== "audio" && store.live.clips.value.length > 0 && (
                <button
                  type="button"
                  aria-label={`${title}: ${m().fromClip}`}
                  aria-expanded={choosing.value}
                  onClick={() => {
                    choosing.value = !choosing.value;
                  }}
                >
                  {m().fromClip}
                </button>
              )}
              <span class="muted">{m().dropHere}</span>
            </div>
            <PathForm title={title} name={name} kind={kind} files={store.files} />
            {choosing.value && (
              <ClipPicker
                store={store}
                asked={asked}
                onDone={() => {
                  choosing.value = false;
                }}
              />
            )}
          </>
        )}
      </div>
    );
  };
});

const acceptOf = (kind: FileKind, formats: string[]) =>
  [`${kind}/*`, ...formats.map((format) => MIME_EXTRA[format] ?? `.${format}`)].join(",");

interface PathFormProps {
  title: string;
  name: string;
  kind: FileKind;
  files: InputFiles;
}

const PathForm = component<PathFormProps>(() => {
  const named = signal("");
  return ({ title, name, kind, files }) => (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (named.value.trim()) void files.point(name, kind, named.value.trim());
        named.value = "";
      }}
    >
      <input
        type="text"
        class="grow"
        aria-label={`${title}: ${m().pathOrUrl}`}
        placeholder={m().pathPlaceholder}
        value={named.value}
        onInput={(event) => {
          named.value = event.currentTarget.value;
        }}
      />
      <button type="submit" disabled={!named.value.trim()}>
        {m().use}
      </button>
    </form>
  );
});

interface PickedProps {
  name: string;
  file: PickedFile;
  onRemove: () => void;
}

const Picked = component<PickedProps>(() => ({ name, file, onRemove }) => {
  const sending = file.sent !== undefined && file.sent < 1 && !file.source;
  const state = file.facts ?? (sending ? m().sending(percent(file.sent)) : m().checking);
  return (
    <div class="picked">
      {file.thumbnail && !file.problem && <img src={file.thumbnail} alt="" />}
      <div class="grow">
        <p class="strong">{file.label}</p>
        {file.problem ? (
          <div role="alert">
            <p class="wrong">{said(file.problem.what)}</p>
            <p>{said(file.problem.remedy)}</p>
          </div>
        ) : (
          <p class="muted num" role="status">
            {said(state)}
          </p>
        )}
        {sending && !file.problem && (
          <progress max={1} value={file.sent} aria-label={m().sending(percent(file.sent))} />
        )}
      </div>
      <button
        type="button"
        class="quiet"
        data-field={name}
        aria-label={m().removeFile(file.label)}
        onClick={onRemove}
      >
        ✕
      </button>
    </div>
  );
});

const percent = (fraction = 0) => Math.floor(fraction * 100);

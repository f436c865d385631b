/** What goes over the wire, and the cell that does the same. */
import { effect, signal } from "@preact/signals-core";
import { component } from "../component";
import type { Offer } from "../messages.gen";
import type { PanelStore } from "../panel-store";
import { m } from "../strings/more";
import { CopyButton } from "./copy-button";
import { TextBlock } from "./text-block";

const DELAY_MS = 150;

export const RequestAndCode = component<{ store: PanelStore }>(({ store }) => {
  const python = pythonOf(store);
  return ({ store }) => {
    const { form, pricing } = store;
    const requests = form.selected.value.map((row) => ({
      id: row.id,
      text: requestText(pricing.offers.value.get(row.id), form.prompt.value),
    }));
    return (
      <div class="part">
        <h3>{m().exactRequest}</h3>
        {requests.map(({ id, text }) => (
          <TextBlock key={id} request={id} label={`${m().exactRequest}: ${id}`} text={text} />
        ))}
        <div class="row">
          <CopyButton
            label={m().copyRequest}
            text={() => requests.map(({ text }) => text).join("\n\n")}
          />
        </div>
        <h3>{m().asPython}</h3>
        <TextBlock label={m().asPython} text={python.value} />
        <div class="row">
          <CopyButton label={m().copyPython} text={() => python.value} />
        </div>
      </div>
    );
  };
});

/** The offer's request; the words of the prompt are those of now. */
function requestText(offer: Offer | undefined, prompt: string): string {
  if (!offer || Object.keys(offer.body).length === 0) return m().noRequest;
  const body = "prompt" in offer.body ? { ...offer.body, prompt } : offer.body;
  const inputs = offer.inputs.map(
    ({ name, label, sha256 }) => `${name}: ${label}${sha256 ? `, SHA-256 ${sha256}` : ""}`,
  );
  return [`POST ${offer.endpoint}`, JSON.stringify(body, null, 2), ...inputs].join("\n");
}

/** Only the kernel knows what one model's cell has to name: it is asked, a moment after a change. */
function pythonOf(store: PanelStore) {
  const text = signal("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async () => {
    const wish = store.form.wish.value;
    try {
      const reply = await store.kernel.command<"read_python">({ kind: "read_python", wish });
      text.value = reply.text;
    } catch (error) {
      text.value = `# ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  const stop = effect(() => {
    store.form.wish.value;
    clearTimeout(timer);
    timer = setTimeout(() => void read(), DELAY_MS);
  });
  store.onClose(() => {
    clearTimeout(timer);
    stop();
  });
  return text;
}

/** What can be done about a problem, as buttons, best first. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Kernel } from "../kernel";
import type { JobLine, Problem, Remedy } from "../messages.gen";
import { paying } from "../paying";
import { r } from "../strings/results";

/** What a button can do where there is a form. */
export interface FormRemedies {
  nameOf: (modelId: string) => string;
  onShortenPrompt: () => void;
  onUseModel: (old: string, replacement: string) => void;
  onSetKey: () => void;
  onRecall: (jobId: string) => void;
}

interface RemedyProps {
  kernel: Kernel;
  problem: Problem;
  job?: JobLine;
  form?: FormRemedies;
  busy: boolean;
  act: (command: () => Promise<unknown>) => Promise<void>;
}

export function Remedies(props: RemedyProps) {
  return (
    <>
      {props.problem.actions.map((remedy) => (
        <OneRemedy key={remedy} {...props} remedy={remedy} />
      ))}
    </>
  );
}

const OneRemedy = component<RemedyProps & { remedy: Remedy }>(() => (props) => {
  const { remedy, kernel, problem, job, form, busy, act } = props;
  const button = (text: string, onClick: () => void) => (
    <button type="button" disabled={busy} onClick={onClick}>
      {text}
    </button>
  );
  switch (remedy) {
    case "download_again":
      return (
        job &&
        button(r().downloadAgain, () => {
          const { id } = job;
          void act(() => kernel.command<"download_again">({ kind: remedy, job_id: id }));
        })
      );
    case "resume":
      return button(r().resume, () => {
        void act(() => kernel.command<"resume_project">({ kind: "resume_project" }));
      });
    case "shorten_prompt":
      return form && button(r().shortenPrompt, form.onShortenPrompt);
    case "set_key":
      return form && button(r().setKey, form.onSetKey);
    case "recall":
      return job && form && button(r().recall, () => form.onRecall(job.id));
    case "use_model": {
      const { model_id } = problem;
      return (
        form &&
        model_id !== undefined &&
        button(r().useInstead(form.nameOf(model_id)), () =>
          form.onUseModel(job?.model_id ?? "", model_id),
        )
      );
    }
    default:
      return job && <Settle {...props} job={job} decision={remedy} />;
  }
});

type SettleProps = RemedyProps & { job: JobLine; decision: "adopt" | "abandon" | "resubmit" };

/** A person says what became of a request whose reply was lost. */
const Settle = component<SettleProps>(() => {
  const requestId = signal("");
  const sure = signal(false);
  return ({ job, kernel, decision, busy, act }) => {
    const settle = () => {
      const said = requestId.value.trim();
      void act(() =>
        kernel.command<"settle_unknown">({
          kind: "settle_unknown",
          job_id: job.id,
          decision,
          ...(decision === "adopt" && { request_id: said }),
        }),
      );
    };
    if (decision === "adopt") {
      return (
        <form
          class="row adopt"
          onSubmit={(event) => {
            event.preventDefault();
            settle();
          }}
        >
          <input
            type="text"
            aria-label={r().requestId}
            placeholder={r().requestId}
            value={requestId.value}
            onInput={(event) => {
              requestId.value = event.currentTarget.value;
            }}
          />
          <button type="submit" disabled={busy || !requestId.value.trim()}>
            {r().adopt}
          </button>
        </form>
      );
    }
    if (decision === "resubmit" && !sure.value) {
      return (
        <button
          type="button"
          onClick={() => {
            sure.value = true;
          }}
        >
          {r().resubmit}
        </button>
      );
    }
    return (
      <button type="button" disabled={busy} {...paying(settle)}>
        {decision === "abandon" ? r().abandon : r().resubmitSure}
      </button>
    );
  };
});

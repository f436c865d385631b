/** Everything about one job: what was sent, what came back, when, what it cost. */
import { signal } from "@preact/signals-core";
import { component } from "../component";
import type { Kernel } from "../kernel";
import type { JobDetails as Details, JobLine, JobMoment } from "../messages.gen";
import { said } from "../strings";
import { m } from "../strings/more";
import { r } from "../strings/results";
import { CopyButton } from "./copy-button";
import { TextBlock } from "./text-block";

export const JobDetails = component<{ job: JobLine; kernel: Kernel }>(({ job, kernel }) => {
  const details = signal<Details | null>(null);
  const failure = signal("");
  kernel.command<"read_details">({ kind: "read_details", job_id: job.id }).then(
    (reply) => {
      details.value = reply;
    },
    (error: unknown) => {
      failure.value = error instanceof Error ? error.message : String(error);
    },
  );
  return ({ job }) => {
    const known = details.value;
    if (!known) {
      return (
        <p class="muted" role="status">
          {failure.value || m().reading}
        </p>
      );
    }
    return (
      <div class="part details">
        <dl class="keys num">
          <Pair name={m().requestId} value={known.request_id ?? m().none} />
          {known.inputs.map((input) => (
            <Pair
              key={input.name}
              name={m().fileNames[input.name] ?? input.name}
              value={`${input.label}${input.sha256 ? `, SHA-256 ${input.sha256}` : ""}`}
            />
          ))}
          {known.costs.map(([name, value]) => (
            <Pair key={name} name={said(name)} value={said(value)} />
          ))}
          {known.moments.map((moment, nth) => (
            <Pair
              key={nth}
              name={r().stateNames[moment.state] ?? moment.state}
              value={momentText(moment, known.moments[nth - 1])}
            />
          ))}
        </dl>
        <Block
          title={m().sent}
          text={`POST ${known.endpoint}\n${JSON.stringify(known.body, null, 2)}`}
        />
        <Block
          title={m().cameBack}
          text={answerText(known.answer) ?? said(job.problem?.what ?? m().none)}
        />
        {known.log.length > 0 && <Block title={r().logs} text={known.log.join("\n")} />}
        <div class="row">
          <CopyButton label={m().copyReport} text={() => known.report} />
        </div>
      </div>
    );
  };
});

const Pair = ({ name, value }: { name: string; value: string }) => (
  <div class="pair">
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const Block = ({ title, text }: { title: string; text: string }) => (
  <>
    <h3>{title}</h3>
    <TextBlock label={title} text={text} />
  </>
);

const answerText = (answer: unknown) =>
  answer === undefined || answer === null ? undefined : JSON.stringify(answer, null, 2);

function momentText({ at }: JobMoment, before: JobMoment | undefined): string {
  const clock = new Date(at * 1000).toLocaleTimeString();
  return before ? `${clock} (+${(at - before.at).toFixed(1)} s)` : clock;
}

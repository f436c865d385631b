/** A text that scrolls, reachable by key. */
interface TextBlockProps {
  label: string;
  text: string;
  request?: string;
}

export function TextBlock({ label, text, request }: TextBlockProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by key
    <section class="text-block" tabIndex={0} aria-label={label} data-request={request}>
      <pre>{text}</pre>
    </section>
  );
}

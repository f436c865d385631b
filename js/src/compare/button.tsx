/** A button that says what it does, also where it shows only a sign. */
import type { ComponentChildren } from "preact";

interface Props {
  act: () => void;
  children: ComponentChildren;
  label?: string;
  pressed?: boolean;
  class?: string;
  off?: boolean;
}

export const Button = ({ act, children, label, pressed, class: name, off }: Props) => (
  <button
    type="button"
    class={name}
    disabled={off}
    aria-label={label}
    title={label}
    aria-pressed={pressed}
    onClick={act}
  >
    {children}
  </button>
);

/** What a button that may spend money takes for a press. */

/** Neither what a held key repeats nor the second click of a double click is one. */
export const paying = (press: () => void) => ({
  onClick: (event: MouseEvent) => {
    if (event.detail < 2) press();
  },
  onKeyDown: (event: KeyboardEvent) => {
    if (event.repeat) event.preventDefault();
  },
});

/** A button that opens a short list of things to do. */
import { component } from "../component";

interface MenuProps {
  label: string;
  text: string;
  items: [text: string, act: () => void][];
}

export const Menu = component<MenuProps>(() => ({ label, text, items }) => (
  <details
    class="menu"
    onFocusOut={(event) => {
      // Left by key or pointer: a menu does not stay open behind one's back.
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) {
        event.currentTarget.open = false;
      }
    }}
  >
    <summary aria-label={label}>{text}</summary>
    <div class="menu-body acts">
      {items.map(([name, act]) => (
        <button
          key={name}
          type="button"
          class="quiet"
          onClick={(event) => {
            event.currentTarget.closest("details")?.removeAttribute("open");
            act();
          }}
        >
          {name}
        </button>
      ))}
    </div>
  </details>
));

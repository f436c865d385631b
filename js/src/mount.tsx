/** One view: a shadow root in the widget's cell, in the host's colours. */
import { type ComponentChild, render } from "preact";
import base from "./styles/base.css";

/** Show something in a cell; gives what removes it. */
export function mount(
  el: HTMLElement,
  staticClass: string,
  view: ComponentChild,
  extraCss = "",
): () => void {
  const shell = document.createElement("div");
  // JupyterLab sees only the shadow host as the target of a key, so that it would take letters
  // typed here for its own shortcuts.
  el.dataset.lmSuppressShortcuts = "true";
  shell.dataset.lmSuppressShortcuts = "true";
  // The notebook outside would take Enter for its own, and no form could be sent with it.
  shell.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.stopPropagation();
  });
  el.append(shell);
  const root = shell.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = base + extraCss;
  const body = document.createElement("div");
  body.className = "root";
  root.append(style, body);
  shell.className = VIEW;
  const unhide = styleHost(staticClass);
  const unfollow = followTheme(shell);
  render(view, body);
  return () => {
    render(null, body);
    unfollow();
    unhide();
    shell.remove();
  };
}

const VIEW = "qcut-view";

/**
 * Hide the static HTML that stands in for this widget when there is no kernel, and let what sticks
 * to an edge stick to the notebook's: JupyterLab makes each output a scroller of its own.
 */
function styleHost(staticClass: string): () => void {
  const style = document.createElement("style");
  const child = `.jp-OutputArea-child:has(.${staticClass})`;
  const area = `.jp-CodeCell:not(.jp-mod-outputsScrolled) .jp-Cell-outputArea:has(.${VIEW})`;
  style.textContent = `
    .${staticClass}, ${child} { display: none !important; }
    ${area}, .jp-OutputArea-child:has(.${VIEW}), .jp-OutputArea-output:has(.${VIEW}) {
      overflow: visible !important;
    }`;
  document.head.append(style);
  return () => style.remove();
}

/** Native controls take their colours from `color-scheme`, which no JupyterLab variable carries. */
function followTheme(shell: HTMLElement): () => void {
  const follow = () => {
    const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
    if (jpThemeLight) shell.style.colorScheme = jpThemeLight === "false" ? "dark" : "light";
    else if (vscodeThemeKind) {
      shell.style.colorScheme = vscodeThemeKind.includes("light") ? "light" : "dark";
    }
  };
  follow();
  const observer = new MutationObserver(follow);
  observer.observe(document.body, {
    attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"],
  });
  return () => observer.disconnect();
}

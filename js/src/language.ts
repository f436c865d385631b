/** Which language a widget is read in. */

const LANGUAGE_KEY = "qcut_nb.language";
export type Language = "en" | "zh";

/** The language that was chosen here, else the browser's where there is a translation. */
export function language(): Language {
  const asked = remembered() ?? navigator.language;
  return asked.startsWith("zh") ? "zh" : "en";
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // No storage in this frame: the choice holds until the page is loaded again.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}

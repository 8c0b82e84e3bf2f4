import { setLanguage } from "./texts.js";

const root = document.documentElement;

/** Connects the list of languages. The user's choice is kept for the next visit. */
export function startLanguageSwitch() {
  const list = document.querySelector("#language");
  list.value = root.lang;
  list.addEventListener("change", () => {
    setLanguage(list.value)
      .then(keep)
      // If a language cannot be loaded, the page stays as it is.
      .catch(() => undefined)
      .finally(() => (list.value = root.lang));
  });
}

function keep() {
  try {
    localStorage.setItem("language", root.lang);
  } catch {
    // Without storage the choice lasts for this visit only.
  }
}

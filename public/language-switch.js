import { setLanguage } from "./texts.js";

const root = document.documentElement;

/** Wires the list of languages. What the user chooses there is kept for their next visit. */
export function startLanguageSwitch() {
  const list = document.querySelector("#language");
  list.value = root.lang;
  list.addEventListener("change", () => {
    setLanguage(list.value)
      .then(keep)
      // One that cannot be loaded leaves the page as it is.
      .catch(() => undefined)
      .finally(() => (list.value = root.lang));
  });
}

function keep() {
  try {
    localStorage.setItem("language", root.lang);
  } catch {
    // Without storage it is for this visit only.
  }
}

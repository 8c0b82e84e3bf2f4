import { setLanguage } from "./texts.js";

/** Wires the list of languages. What the user chooses there is kept for their next visit. */
export function startLanguageSwitch() {
  const list = document.querySelector("#language");
  const root = document.documentElement;
  list.value = root.lang;
  list.addEventListener("change", async () => {
    await setLanguage(list.value).catch(() => undefined);
    list.value = root.lang;
    try {
      localStorage.setItem("language", root.lang);
    } catch {
      // Without storage it is for this visit only.
    }
  });
}

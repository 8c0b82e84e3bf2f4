/**
 * Chooses the page's language before the page is shown: the user's last choice, else the first of the browser's
 * languages that the page has.
 */

/** The page's languages, with their direction of writing. */
globalThis.demoLanguages = { ar: "rtl", de: "ltr", en: "ltr", ja: "ltr" };

(() => {
  const root = document.documentElement;
  const wanted = [chosen(), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  const language = wanted.find((name) => Object.hasOwn(demoLanguages, name)) ?? "en";
  root.lang = language;
  root.dir = demoLanguages[language];
  if (language === "en") return;
  // The page's own text is English. It is hidden until texts.js has replaced it.
  root.dataset.untranslated = "";
  const href = `/languages/${language}.js`;
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));

  function chosen() {
    try {
      return localStorage.getItem("language");
    } catch {
      return null;
    }
  }
})();

/**
 * Chooses the page's language before anything is shown: the one that the user chose last, else the first of the
 * browser's that is there.
 */

/** What the page speaks, and in which direction that is written. */
globalThis.demoLanguages = { ar: "rtl", de: "ltr", en: "ltr", ja: "ltr" };

(() => {
  const root = document.documentElement;
  const wanted = [chosen(), ...navigator.languages].map((tag) => tag?.split("-")[0]);
  const language = wanted.find((name) => Object.hasOwn(demoLanguages, name)) ?? "en";
  root.lang = language;
  root.dir = demoLanguages[language];
  if (language === "en") return;
  // What is in the page is English, and hidden until texts.js has replaced it.
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

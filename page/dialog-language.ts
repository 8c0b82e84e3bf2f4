import { type DialogTexts, ENGLISH } from "./dialog-texts.ts";

/** The dialog's texts in one language. */
export interface DialogLanguage {
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  readonly texts: DialogTexts;
}

/** How long a language may take, in milliseconds: the dialog rather speaks English than keeps the user waiting. */
const LOADS_WITHIN = 2_000;

/** Modules of their own, so that a page loads the one that it needs. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ readonly default: DialogTexts }>>> = {
  ar: () => import("./dialog-texts/ar.ts"),
  de: () => import("./dialog-texts/de.ts"),
  es: () => import("./dialog-texts/es.ts"),
  fr: () => import("./dialog-texts/fr.ts"),
  he: () => import("./dialog-texts/he.ts"),
  it: () => import("./dialog-texts/it.ts"),
  ja: () => import("./dialog-texts/ja.ts"),
  ko: () => import("./dialog-texts/ko.ts"),
  nl: () => import("./dialog-texts/nl.ts"),
  pl: () => import("./dialog-texts/pl.ts"),
  pt: () => import("./dialog-texts/pt.ts"),
  "pt-PT": () => import("./dialog-texts/pt-PT.ts"),
  "zh-Hans": () => import("./dialog-texts/zh-Hans.ts"),
  "zh-Hant": () => import("./dialog-texts/zh-Hant.ts"),
};

/**
 * Loads what the dialog says on a page in the language `tag`: a tag of BCP 47, as in `<html lang>`.
 *
 * @returns English for a tag that says nothing, a language that is not there, and one that cannot be loaded
 */
export async function dialogLanguage(tag: string): Promise<DialogLanguage> {
  const lang = closest(tag);
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, LOADS_WITHIN));
  const loaded = await Promise.race([LANGUAGES[lang]?.().catch(() => undefined), late]);
  if (!loaded) return { lang: "en", dir: "ltr", texts: ENGLISH };
  return { lang, dir: /^(ar|he)$/.test(lang) ? "rtl" : "ltr", texts: loaded.default };
}

/** `pt-PT` for itself, `zh-Hant` for Chinese as in Taiwan, `de` for German from anywhere. */
function closest(tag: string): string {
  try {
    const { language, region, script } = new Intl.Locale(tag).maximize();
    const candidates = [`${language}-${script}`, `${language}-${region}`, language];
    return candidates.find((candidate) => Object.hasOwn(LANGUAGES, candidate)) ?? "en";
  } catch {
    return "en";
  }
}

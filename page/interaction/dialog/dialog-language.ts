import { type Clock, within } from "../../../pipeline/clock.ts";
import { whenAborted } from "../aborted.ts";
import { type DialogTexts, ENGLISH } from "./dialog-texts.ts";

/** The dialog's texts in one language. */
export interface DialogLanguage {
  /** A BCP 47 tag. */
  readonly lang: string;
  readonly dir: "ltr" | "rtl";
  readonly texts: DialogTexts;
}

type Languages = Readonly<Record<string, () => Promise<{ readonly default: DialogTexts }>>>;

/** How long a language may take to load, in milliseconds. The dialog is in English after that. */
const LOADS_WITHIN = 2_000;

/** Each language is a module of its own, so that a page loads only the one that it needs. */
const LANGUAGES: Languages = {
  ar: () => import("./texts/ar.ts"),
  de: () => import("./texts/de.ts"),
  es: () => import("./texts/es.ts"),
  fr: () => import("./texts/fr.ts"),
  he: () => import("./texts/he.ts"),
  it: () => import("./texts/it.ts"),
  ja: () => import("./texts/ja.ts"),
  ko: () => import("./texts/ko.ts"),
  nl: () => import("./texts/nl.ts"),
  pl: () => import("./texts/pl.ts"),
  pt: () => import("./texts/pt.ts"),
  "pt-PT": () => import("./texts/pt-PT.ts"),
  "zh-Hans": () => import("./texts/zh-Hans.ts"),
  "zh-Hant": () => import("./texts/zh-Hant.ts"),
};

const IN_ENGLISH: DialogLanguage = { lang: "en", dir: "ltr", texts: ENGLISH };

/** Loads the texts ahead of time. Without effect where they cannot be loaded. */
export function preloadLanguage(tag: string): void {
  LANGUAGES[closestOf(LANGUAGES, tag)]?.().catch(() => undefined);
}

/**
 * Loads the dialog's texts for a page in the language `tag`.
 *
 * @param tag a BCP 47 tag, as in `<html lang>`
 * @param over aborts when the dialog is not needed any more
 * @returns English for an unknown or malformed tag, and for texts that cannot be loaded in time
 */
export async function dialogLanguage(
  tag: string,
  clock: Clock,
  over: AbortSignal,
  languages: Languages = LANGUAGES,
): Promise<DialogLanguage> {
  const lang = closestOf(languages, tag);
  const load = languages[lang];
  if (!load) return IN_ENGLISH;
  const loading = Promise.race([load(), whenAborted(over)]);
  const timeout = (): Error => new Error(`The dialog's texts in "${lang}" did not load in time.`);
  const loaded = await within(clock, LOADS_WITHIN, loading, timeout).catch(() => undefined);
  if (!loaded) return IN_ENGLISH;
  return { lang, dir: /^(ar|he)$/.test(lang) ? "rtl" : "ltr", texts: loaded.default };
}

/** `pt-PT` for itself, `zh-Hant` for Chinese as in Taiwan, `de` for German from anywhere. */
function closestOf(languages: Languages, tag: string): string {
  try {
    const locale = new Intl.Locale(tag);
    const { language } = locale;
    const hasVariants = Object.keys(languages).some((name) => name.startsWith(`${language}-`));
    // Chromium takes some milliseconds of the first `maximize` in a page.
    const { region, script } = hasVariants ? locale.maximize() : locale;
    const candidates = [`${language}-${script}`, `${language}-${region}`, language];
    return candidates.find((candidate) => Object.hasOwn(languages, candidate)) ?? "en";
  } catch {
    return "en";
  }
}

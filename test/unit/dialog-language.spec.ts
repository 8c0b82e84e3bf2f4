import { expect, test } from "@playwright/test";
import { dialogLanguage, preloadLanguage } from "../../page/interaction/dialog/dialog-language.ts";
import { ENGLISH } from "../../page/interaction/dialog/dialog-texts.ts";
import { ManualClock } from "./manual-clock.ts";

const never = new AbortController().signal;
const english = { lang: "en", dir: "ltr", texts: ENGLISH };

for (const [tag, lang, dir] of [
  ["de-AT", "de", "ltr"],
  ["zh-TW", "zh-Hant", "ltr"],
  ["pt-PT", "pt-PT", "ltr"],
  ["ar", "ar", "rtl"],
] as const) {
  test(`a page in "${tag}" has the dialog's texts in ${lang}, and leaves no timer`, async () => {
    const clock = new ManualClock();
    expect(await dialogLanguage(tag, clock, never)).toMatchObject({ lang, dir });
    expect(clock.timers).toBe(0);
  });
}

for (const tag of ["", "en-GB", "ur", "und-DE", "de_DE", "__proto__"]) {
  test(`a page in "${tag}" has the dialog in English`, async () => {
    preloadLanguage(tag);
    expect(await dialogLanguage(tag, new ManualClock(), never)).toEqual(english);
  });
}

test("texts that cannot be loaded leave the dialog in English", async () => {
  const de = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));
  expect(await dialogLanguage("de", new ManualClock(), never, { de })).toEqual(english);
});

test("texts that take longer than 2 seconds leave the dialog in English, also when they fail after that", async () => {
  const clock = new ManualClock();
  const { promise, reject } = deferred();
  const language = dialogLanguage("de", clock, never, { de: () => promise });
  await clock.advance(2_000);
  reject(new TypeError("Failed to fetch dynamically imported module"));

  expect(await language).toEqual(english);
});

test("a question that ends while texts load leaves no timer", async () => {
  const clock = new ManualClock();
  const over = new AbortController();
  const language = dialogLanguage("de", clock, over.signal, { de: () => new Promise(() => undefined) });
  expect(clock.timers).toBe(1);
  over.abort();

  expect(await language).toEqual(english);
  expect(clock.timers).toBe(0);
});

function deferred(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}

import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { ENGLISH } from "../../page/interaction/dialog/dialog-texts.ts";

const languages = readdirSync("page/interaction/dialog/texts").map((file) => file.replace(".ts", ""));

for (const language of languages) {
  test(`the dialog says everything in ${language}, and nothing of it in English`, async () => {
    const { default: texts } = (await import(`../../page/interaction/dialog/texts/${language}.ts`)) as {
      default: Record<string, string>;
    };

    expect(Object.keys(texts).sort()).toEqual(Object.keys(ENGLISH).sort());
    for (const text of Object.values(texts)) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe("");
      expect(Object.values(ENGLISH)).not.toContain(text);
    }
    // The two buttons that can be seen at once are told apart.
    const buttons = ["continue", "consentContinue", "tryAgain", "show"].map((name) => texts[name]);
    expect(buttons).not.toContain(texts["decline"]);
    expect(new Set(buttons).size).toBe(buttons.length);
  });
}

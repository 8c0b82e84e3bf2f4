import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { format } from "prettier";
import { msalTable } from "../browser/msal-versions.ts";
import { isRecording } from "../engines/measured.ts";

const PAGE = new URL("../../docs/msal-versions.md", import.meta.url);
const MARKS = /(<!-- msal -->\n)[^]*?(\n<!-- \/msal -->)/;

test("the table of MSAL's versions shows the recorded outcomes", async () => {
  const text = readFileSync(PAGE, "utf8");
  const table = (await format(msalTable(), { parser: "markdown" })).trim();
  const wanted = text.replace(MARKS, (_, start: string, end: string) => `${start}\n${table}\n${end}`);
  expect(text).toMatch(MARKS);

  if (isRecording) writeFileSync(PAGE, wanted);
  else expect(text).toBe(wanted);
});

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { format } from "prettier";
import { engineTable } from "../engines/engine-table.ts";
import { isRecording } from "../engines/measured.ts";

const PAGE = new URL("../../docs/engines.md", import.meta.url);
const MARKS = /(<!-- engines -->\n)[^]*?(\n<!-- \/engines -->)/;

test("the table of engines shows the recorded measurements", async () => {
  const text = readFileSync(PAGE, "utf8");
  const table = (await format(engineTable(), { parser: "markdown" })).trim();
  const wanted = text.replace(MARKS, (_, start: string, end: string) => `${start}\n${table}\n${end}`);
  expect(text).toMatch(MARKS);

  if (isRecording) writeFileSync(PAGE, wanted);
  else expect(text).toBe(wanted);
});

import { expect, test } from "@playwright/test";
import { exportedDeclarations } from "../../dev/api-reference/declarations.ts";
import { PROTOCOL_VERSION } from "../../protocol/messages.ts";
import { compileResourceMap } from "../../protocol/resource-matcher.ts";
import { decodeWorkerUrl } from "../../protocol/worker-url.ts";
import { textOf } from "../snippets/snippets.ts";

const page = textOf("docs/protocol.md");

/** The files that declare messages. */
const FILES = ["messages", "questions", "answers", "request-notices", "page-account"].map(
  (name) => `protocol/${name}.ts`,
);

/** The messages in the table of the document: type and fields. */
const documented = [...page.matchAll(/^\| (?:worker|page) +\| `(\w+)` *\| ([^|]*) \|/gm)].map(
  ([, type = "", fields = ""]) => [type, [...fields.matchAll(/\w+/g)].map(([field]) => field)] as const,
);

test("the document on the protocol lists every message with its fields", () => {
  const declarations = FILES.flatMap((file) => [...exportedDeclarations("page", file)]);
  const messages = declarations.flatMap(({ name, members }) => {
    const type = members.find((member) => member.name === "type")?.signatures[0]?.match(/"(\w+)"/)?.[1];
    const fields = members.map((member) => member.name).filter((field) => field !== "type");
    return type && !name.endsWith("Request") ? [[type, fields] as const] : [];
  });
  expect(messages.length).toBeGreaterThan(8);
  for (const [type, fields] of messages) {
    const rows = documented.filter(([shown]) => shown === type);
    expect(rows.length, type).toBeGreaterThan(0);
    // `announce` inherits fields, so its own declaration does not show them all.
    if (type !== "announce") for (const [, shown] of rows) expect(shown, type).toEqual(fields);
  }
  expect(new Set(documented.map(([type]) => type))).toEqual(new Set(messages.map(([type]) => type)));
});

test("the document on the protocol shows the current version and a worker URL that decodes to the map beside it", () => {
  expect(page).toContain(`\`bearerWorker: ${PROTOCOL_VERSION}\``);
  const [shown = ""] = /^\/bearer-sw\.js\?.+&.+$/m.exec(page) ?? [];
  const configuration = decodeWorkerUrl(new URL(shown, "https://shop.example"));
  const match = compileResourceMap(configuration?.entries ?? []);
  const scopes = (path: string, method: string) =>
    match(new URL(path, "https://shop.example"), method)?.scopes ?? null;

  expect(scopes("/api/health", "GET")).toBeNull();
  expect(scopes("/api/orders", "GET")).toEqual(["api://orders/Data.Read"]);
  expect(scopes("/api/orders", "POST")).toEqual(["api://orders/Data.Write"]);
});

import { readFileSync } from "node:fs";
import type { BearerWorkerError, ProtectedResourceMap } from "../../page/index.ts";
import { expect, test } from "./fixtures.ts";
import { importModules } from "./import-modules.ts";

interface Row {
  readonly id: string;
  readonly map: unknown;
  readonly url: string;
  readonly method: string;
  readonly base: string;
  readonly expect?: readonly string[] | null;
  readonly expectToken?: boolean;
  readonly mapMustBeRefused?: boolean;
}

const rows = (name: string): Row[] =>
  JSON.parse(readFileSync(new URL(`../unit/conformance/${name}.json`, import.meta.url), "utf8")) as Row[];

// Browsers differ in how they parse URLs: Chromium encodes the stars in a host.
test("matching in the browser gives the results of the unit tests", async ({ open }) => {
  const site = await open();
  const all = [...rows("protected-resource-map"), ...rows("adversarial")];

  const got: Record<string, unknown> = await site.run(
    (rows) =>
      Object.fromEntries(
        rows.map(({ id, map, url, method, base }) => {
          // Tables hold a Map as its entries, and maps that are to be refused, too.
          const given = (Array.isArray(map) ? new Map(map as [string, null][]) : map) as ProtectedResourceMap;
          try {
            return [id, bearerWorker.matchProtectedResource(given, url, method, base)];
          } catch (error) {
            return [id, (error as BearerWorkerError).code];
          }
        }),
      ),
    all,
  );

  for (const row of all) {
    if (row.mapMustBeRefused) expect(got[row.id], row.id).toBe("invalid_resource_map");
    else if (row.expectToken === undefined) expect(got[row.id], row.id).toEqual(row.expect);
    else expect(got[row.id] !== null, row.id).toBe(row.expectToken);
  }
});

test("a map of everything leaves the worker's script and the redirect page alone", async ({
  open,
  stack,
}) => {
  const site = await open({ attach: { protectedResourceMap: { "/*": ["api://orders/Data.Read"] } } });
  await site.signIn();

  for (const path of ["/bearer-sw.js", "/bearer-redirect.html", "/api/orders"])
    await site.fetch(`${path}?mine`);

  const mine = stack.site.received.filter(({ query }) => query === "mine");
  expect(mine.map(({ path, authorized }) => [path, authorized])).toEqual([
    ["/bearer-sw.js", false],
    ["/bearer-redirect.html", false],
    ["/api/orders", true],
  ]);
});

test("a map of everything does not keep the page from loading the part that asks the user", async ({
  open,
  page,
  stack,
}) => {
  importModules(stack, { "/*": ["api://orders/Data.Read"] });
  const site = await open();
  await site.signIn();
  site.endSession();
  await page.reload();
  await site.attached();
  await site.useUpClick();

  await site.run(() => void fetch("/api/orders").catch(() => undefined));
  await site.dialogShown();
});

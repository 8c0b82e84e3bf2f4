import { readFile } from "node:fs/promises";
import { type Browser, expect, test } from "@playwright/test";
import { type Differences, readAdmitted, tally } from "./admitted.ts";
import { CORS } from "./answer.ts";
import { differences } from "./differences.ts";
import { type Observation, observeVariants } from "./observe-variants.ts";
import { type RecordingServer, startRecordingServer } from "./recording-server.ts";
import { VARIANTS } from "./variants.ts";

const ACCESS_TOKEN = "token.of.this-check";

let server: RecordingServer;
/** The observations of every variant without a worker, with which all others are compared. */
let before: readonly Observation[];

test.describe.configure({ mode: "serial", timeout: 180_000 });
test.beforeAll(async ({ browser }) => {
  server = await startRecordingServer(ACCESS_TOKEN);
  before = await observe(browser, null);
});
test.afterAll(() => server.close());

test("every variant has a name of its own, comes to an end, and reaches the server as it is meant to", () => {
  const names = VARIANTS.map(({ name, origin }) => `${name}, ${origin}`);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(namesOf(before.filter(({ seen }) => "unsettled" in seen || "thrown" in seen))).toEqual([]);
  // The browser sends no request when the caller has aborted, or asks for another origin with `same-origin`.
  const silent = before.filter(({ received }) => received.length === 0);
  expect(namesOf(silent).filter((name) => !/aborted at once|mode same-origin/.test(name))).toEqual([]);
});

test("two runs without a worker differ in nothing", async ({ browser }) => {
  expect(named(before, await observe(browser, null))).toEqual([]);
});

test("requests outside the map arrive as without a worker", async ({ browser }) => {
  const after = await observe(browser, ["/elsewhere/*"]);

  await expectAdmitted("unmapped", before, after);
  expect(namesOf(after.filter(({ received }) => received.some(({ authorized }) => authorized)))).toEqual([]);
});

test("requests to protected resources have their token, and differ only as docs/limits.md says", async ({
  browser,
}) => {
  const { site, other, far } = server.origins;
  const keys = [site, other, far].flatMap((origin) => CORS.map((cors) => `${origin}/${cors}/*`));

  await expectAdmitted("mapped", before, await observe(browser, keys));
});

async function observe(browser: Browser, protect: readonly string[] | null): Promise<readonly Observation[]> {
  const context = await browser.newContext();
  const observed = await observeVariants(await context.newPage(), server, VARIANTS, {
    protect,
    accessToken: ACCESS_TOKEN,
  });
  await context.close();
  return observed;
}

interface Found {
  readonly observation: Observation;
  readonly differences: readonly string[];
}

function compareAll(
  left: readonly Observation[],
  right: readonly Observation[],
  hasTokens: boolean,
): Found[] {
  return right.flatMap((observation, i) => {
    const earlier = left[i];
    const found = earlier ? differences(earlier, observation) : [];
    const { received } = observation;
    if (hasTokens && received.length > 0 && !received.some(({ authorized }) => authorized)) {
      found.push(
        observation.variant.answer.cors === "nobody" ? "server: no token, nor CORS" : "server: no token",
      );
    }
    return found.length > 0 ? [{ observation, differences: found }] : [];
  });
}

const named = (left: readonly Observation[], right: readonly Observation[]): string[] =>
  compareAll(left, right, false).map(
    ({ observation, differences }) => `${namesOf([observation]).join()}: ${differences.join(", ")}`,
  );

const namesOf = (observations: readonly Observation[]): string[] =>
  observations.map(({ variant: { name, origin } }) => `${name}, ${origin}`);

/** Fails on differences that are not listed, on listed differences that are gone, and on sentences that docs/limits.md lacks. */
async function expectAdmitted(
  condition: "mapped" | "unmapped",
  left: readonly Observation[],
  right: readonly Observation[],
): Promise<void> {
  const found = compareAll(left, right, condition === "mapped");
  const tallied: Differences = tally(found);
  const admitted = readAdmitted(condition, tallied);
  console.log(
    `${condition}: ${right.length} variants, ${found.length} with a difference\n${admitted.table}\n`,
  );

  const unexpected = Object.keys(tallied).filter(
    (name) => JSON.stringify(tallied[name]) !== JSON.stringify(admitted.differences[name]),
  );
  const where = unexpected.map((name) => {
    const variants = found.filter(({ differences }) => differences.includes(name));
    const first = namesOf(variants.slice(0, 5).map(({ observation }) => observation));
    return `${name} (${variants.length}): ${first.join("; ")}`;
  });
  expect(tallied, `Not as admitted.json lists it:\n${where.join("\n")}`).toEqual(admitted.differences);

  const page = (await readFile("docs/limits.md", "utf8")).replaceAll(/\s+/g, " ");
  expect(admitted.sentences.filter((sentence) => !sentence || !page.includes(sentence))).toEqual([]);
}

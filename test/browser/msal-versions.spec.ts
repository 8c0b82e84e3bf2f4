import { isRecording } from "../engines/measured.ts";
import { inTime } from "./in-time.ts";
import { CAPABILITIES, type World } from "./msal-capabilities.ts";
import { expectPrivateParts } from "./msal-private-parts.ts";
import {
  bundlePage,
  MSAL_FOLDERS,
  msalVersion,
  OLDEST_FOLDERS,
  readMeasured,
  recordMeasured,
} from "./msal-versions.ts";
import { expect, test } from "./fixtures.ts";

// RECORD=1 writes the outcomes of all versions, from which test/unit/msal-table.spec.ts writes the table of the documents.
for (const folder of isRecording ? MSAL_FOLDERS : OLDEST_FOLDERS) {
  const version = msalVersion(folder);

  test(`MSAL ${version} can do what the table says`, async ({ open, stack, context, page }) => {
    // A dozen sign-ins and sign-outs, which a small machine under load takes its time for.
    test.setTimeout(150_000);
    const versions = new Set<string | null>();
    page.on("request", (request) => {
      if (!new URL(request.url()).pathname.endsWith("/token")) return;
      versions.add(new URLSearchParams(request.postData() ?? "").get("x-client-VER"));
    });
    stack.site.override("/bearer-page.js", { body: await bundlePage(folder) });
    const site = await open();

    const world: World = { site, stack, context };
    const measured: Record<string, boolean> = {};
    const problems: string[] = [];
    for (const { name, check } of CAPABILITIES) {
      const checked = check(world).then(
        () => "passed",
        (error: unknown) => String(error),
      );
      const outcome = await inTime(checked, 10_000);
      measured[name] = outcome === "passed";
      if (outcome === "passed") continue;
      problems.push(`MSAL ${version}: ${name}: ${outcome}`);
      // The next check finds the site as all others do.
      for (const other of context.pages()) if (other !== page) await other.close();
      await page.goto("about:blank").catch(() => undefined);
      await page.goto(site.url({}));
      await site.attached();
    }

    expect([...versions]).toEqual([version]);
    if (!world.privateParts) throw new Error("No popup of the dialog opened");
    expectPrivateParts(version, world.privateParts);
    if (isRecording) recordMeasured(version, measured);
    expect(measured, problems.join("\n")).toEqual(readMeasured()[version]);
    if (isRecording) console.log(problems.join("\n"));
  });
}

import { differences } from "./differences.ts";
import { expect, test } from "./fixtures.ts";
import { isRecording, readMeasured, recordMeasured } from "./measured.ts";
import { observeVariants } from "./observe-variants.ts";
import { ORIGINS } from "./site-window.ts";

for (const origin of ORIGINS) {
  test(`a ${origin} request arrives as it does without a worker, except for the listed differences`, async ({
    engineName,
    site,
    stack,
  }) => {
    test.setTimeout(120_000);
    stack.api.settings.openToAll = true;
    stack.api.settings.eventIntervalMs = 50;
    // Signing in leaves cookies, so it comes before the first run.
    await site.signIn();
    await site.window.evaluate(() => void (document.cookie = "variant=1"));
    const without = await observeVariants(site, origin);
    await site.attach({ navigations: true });
    const withWorker = await observeVariants(site, origin);

    const found: Record<string, string[]> = {};
    for (const [name, observation] of withWorker) {
      const listed = differences(without.get(name) ?? observation, observation);
      if (observation.received.some(({ token }) => token === null)) listed.push("no token");
      if (listed.length > 0) found[name] = listed;
    }
    if (isRecording) recordMeasured(engineName, "fidelity", origin, found);
    else expect(found).toEqual(readMeasured(engineName, "fidelity")[origin]);
  });
}

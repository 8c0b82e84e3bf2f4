import { expect, test } from "./fixtures.ts";
import { measureKind } from "./measure-kind.ts";
import { isRecording, readMeasured, recordMeasured } from "./measured.ts";
import { kinds } from "./site/kinds.js";
import { ORIGINS, SiteWindow } from "./site-window.ts";

// One signed-in page makes all requests of an engine, in the order of the table.
test.describe.configure({ mode: "default" });

for (const kind of kinds) {
  const origins = kind.origin === "own" ? (["same-origin"] as const) : ORIGINS;
  for (const origin of origins) {
    test(`${kind.name}, ${origin}, is answered as the table says`, async ({
      engine,
      engineName,
      signedIn,
      stack,
    }) => {
      // Slow enough for players to skip parts that they do not need.
      stack.api.settings.mediaPauseMs = 20;
      const site = kind.first ? await SiteWindow.openSignedIn(engine, stack) : signedIn;
      const { outcome, details } = await measureKind(site, kind, origin);
      if (kind.first) await site.window.close();

      const { [kind.name]: expected } = readMeasured(engineName, "kinds");
      if (isRecording) recordMeasured(engineName, "kinds", kind.name, { ...expected, [origin]: outcome });
      else expect(outcome, details).toBe(expected?.[origin]);
    });
  }
}

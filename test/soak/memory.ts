import type { Browser, CDPSession } from "@playwright/test";
import type { Profile } from "./profile.ts";

/** Bytes of JavaScript's heap, after a garbage collection. */
export interface MemorySample {
  /** In milliseconds since the first request. */
  readonly at: number;
  readonly of: string;
  readonly bytes: number;
}

/** Measures the running worker of each profile, and the page that stays open. */
export async function sampleMemory(
  browser: Browser,
  profiles: readonly Profile[],
  startedAt: number,
): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  const session = await browser.newBrowserCDPSession();
  try {
    for (const { name, resident } of profiles) {
      const at = Date.now() - startedAt;
      await resident.cdp.send("HeapProfiler.collectGarbage");
      const { usedSize } = await resident.cdp.send("Runtime.getHeapUsage");
      samples.push({ at, of: `page ${name}`, bytes: usedSize });
      const bytes = await workerHeap(session, resident.cdp);
      if (bytes !== null) samples.push({ at, of: `worker ${name}`, bytes });
    }
  } finally {
    await session.detach();
  }
  return samples;
}

/** @returns null if no worker runs, or the worker was stopped meanwhile */
async function workerHeap(browser: CDPSession, page: CDPSession): Promise<number | null> {
  const { targetInfo } = await page.send("Target.getTargetInfo");
  const { targetInfos } = await browser.send("Target.getTargets");
  const worker = targetInfos.find(
    ({ type, browserContextId }) =>
      type === "service_worker" && browserContextId === targetInfo.browserContextId,
  );
  if (!worker) return null;
  const attached = await browser
    .send("Target.attachToTarget", { targetId: worker.targetId })
    .catch(() => null);
  if (!attached) return null;
  const { sessionId } = attached;
  await ask(browser, sessionId, "HeapProfiler.collectGarbage");
  const usage = (await ask(browser, sessionId, "Runtime.getHeapUsage")) as { usedSize: number } | null;
  await browser.send("Target.detachFromTarget", { sessionId }).catch(() => undefined);
  return usage && usage.usedSize;
}

let lastId = 0;

/** A deadline, not a pause: no event tells that a worker was stopped while it was asked. In milliseconds. */
const ANSWERS_WITHIN = 5_000;

/** Playwright has no sessions for workers, so commands to them travel inside of messages. */
async function ask(browser: CDPSession, sessionId: string, method: string): Promise<unknown> {
  const id = ++lastId;
  let stopListening = (): void => undefined;
  const answer = new Promise<unknown>((resolve) => {
    const receive = (event: { sessionId: string; message: string }): void => {
      if (event.sessionId !== sessionId) return;
      const message = JSON.parse(event.message) as { id?: number; result?: unknown };
      if (message.id === id) resolve(message.result ?? null);
    };
    const timer = setTimeout(resolve, ANSWERS_WITHIN, null);
    const detached = (event: { sessionId: string }): void => {
      if (event.sessionId === sessionId) resolve(null);
    };
    browser.on("Target.receivedMessageFromTarget", receive);
    browser.on("Target.detachedFromTarget", detached);
    stopListening = () => {
      clearTimeout(timer);
      browser.off("Target.receivedMessageFromTarget", receive);
      browser.off("Target.detachedFromTarget", detached);
    };
  });
  const sent = browser.send("Target.sendMessageToTarget", {
    sessionId,
    message: JSON.stringify({ id, method }),
  });
  return await sent
    .then(
      () => answer,
      () => null,
    )
    .finally(() => stopListening());
}

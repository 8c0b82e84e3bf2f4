import { expect, test } from "@playwright/test";
import { PageCalls, type PagePart } from "../../page/fetch/page-calls.ts";
import { withGlobals } from "./with-globals.ts";

/** The globals that the page's calls are taken from. */
class Requests {
  open = (): void => undefined;
}

test("a page that has stopped does not serve its calls again", async () => {
  const fetching = (): Promise<Response> => Promise.resolve(new Response());
  const window = { fetch: fetching, XMLHttpRequest: Requests };
  await withGlobals({ window, XMLHttpRequest: Requests, location: {} }, () => {
    const stop = new AbortController();
    const calls = new PageCalls(
      () => null,
      () => new Promise<PagePart>(() => undefined),
      stop.signal,
    );
    calls.serve();
    expect([window.fetch === fetching, window.XMLHttpRequest === Requests]).toEqual([false, false]);

    stop.abort();
    expect([window.fetch === fetching, window.XMLHttpRequest === Requests]).toEqual([true, true]);
    // The answer of a worker that was asked for its version may come late.
    calls.serve();
    expect([window.fetch === fetching, window.XMLHttpRequest === Requests]).toEqual([true, true]);
  });
});

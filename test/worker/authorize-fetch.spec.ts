import { expect, test } from "@playwright/test";
import { resolveResourceMap, type ProtectedResourceMap } from "../../protocol/resource-map.ts";
import { wrapWorkerFetch } from "../../sw/authorize-fetch.ts";
import { networkFetch } from "../../sw/worker-fetch.ts";
import { withGlobals } from "../unit/with-globals.ts";

const SELF = { location: new URL("https://shop.example/sw.js") };

/** Calls the worker's `fetch` under these maps, and tells for each request that went out whether it was matched. */
async function sent(maps: readonly ProtectedResourceMap[], call: () => Promise<void>): Promise<string[]> {
  const requests: string[] = [];
  const network = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    requests.push(`${request.headers.get("Authorization") ?? "none"} ${request.url}`);
    return new Response();
  };
  await withGlobals({ self: SELF, fetch: network }, async () => {
    for (const map of maps) {
      const entries = resolveResourceMap(map, SELF.location.href);
      wrapWorkerFetch({ entries, navigations: false }, async ({ request }, { scopes }) => {
        const authorized = new Request(request);
        authorized.headers.set("Authorization", scopes.join(" "));
        return await networkFetch(authorized);
      });
    }
    await call();
  });
  return requests;
}

test("the worker's own requests have the tokens of each map that authorizeFetch was given, and URLs are read once", async () => {
  let reads = 0;
  const changing = {
    toString: () => (reads++ === 0 ? "https://mail.example/inbox" : "https://elsewhere.example/"),
  };

  const requests = await sent(
    [{ "https://api.example/*": ["orders"] }, { "https://mail.example/*": ["mail"] }],
    async () => {
      await fetch("https://api.example/1");
      await fetch(new Request("https://mail.example/2"));
      await fetch("https://shop.example/3");
      await fetch(changing as unknown as URL);
      await fetch({ toString: () => "https://shop.example/4" } as unknown as URL);
    },
  );

  expect(requests).toEqual([
    "orders https://api.example/1",
    "mail https://mail.example/2",
    "none https://shop.example/3",
    "mail https://mail.example/inbox",
    "none https://shop.example/4",
  ]);
});

import { createContext, runInContext } from "node:vm";
import { expect, test } from "@playwright/test";
import { build } from "esbuild";
import { resolveResourceMap, type ProtectedResourceMap } from "../../protocol/resource-map.ts";
import type * as AuthorizeFetch from "../../sw/authorize-fetch.ts";
import type * as WorkerFetch from "../../sw/worker-fetch.ts";

/** A worker's global scope of its own, in which the requests that go out are recorded with the scopes of their tokens. */
async function workerWith(
  ...maps: ProtectedResourceMap[]
): Promise<{ readonly fetch: typeof fetch; readonly sent: readonly string[] }> {
  const contents = `export * from "./sw/authorize-fetch.ts"; export * from "./sw/worker-fetch.ts";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ".", loader: "ts" },
    bundle: true,
    write: false,
    globalName: "parts",
  });
  const sent: string[] = [];
  const network: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(`${request.headers.get("Authorization") ?? "none"} ${request.url}`);
    return new Response();
  };
  const self = { location: new URL("https://shop.example/sw.js") };
  const scope = { self, fetch: network, AbortController, Request, URL };
  runInContext(outputFiles[0]?.text ?? "", createContext(scope));
  const { parts } = scope as unknown as { parts: typeof AuthorizeFetch & typeof WorkerFetch };
  for (const map of maps) {
    const entries = resolveResourceMap(map, self.location.href);
    parts.wrapWorkerFetch({ entries, navigations: false }, async ({ request }, { scopes }) => {
      const authorized = new Request(request);
      authorized.headers.set("Authorization", scopes.join(" "));
      return await parts.networkFetch(authorized);
    });
  }
  return { fetch: (...call) => scope.fetch(...call), sent };
}

test("the worker's own requests have the tokens of each map that authorizeFetch was given", async () => {
  const worker = await workerWith(
    { "https://api.example/*": ["orders"] },
    { "https://mail.example/*": ["mail"] },
  );

  await worker.fetch("https://api.example/1");
  await worker.fetch(new Request("https://mail.example/2"));
  await worker.fetch("https://shop.example/3");

  expect(worker.sent).toEqual([
    "orders https://api.example/1",
    "mail https://mail.example/2",
    "none https://shop.example/3",
  ]);
});

test("an argument of the worker's fetch whose URL changes between reads sends no token elsewhere", async () => {
  const worker = await workerWith({ "https://api.example/*": ["orders"] });
  const changing = (...urls: string[]) => ({ toString: () => urls.shift() }) as unknown as URL;

  await worker.fetch(changing("https://api.example/1", "https://elsewhere.example/"));
  await worker.fetch(changing("https://shop.example/2", "https://api.example/"));

  expect(worker.sent).toEqual(["orders https://api.example/1", "none https://shop.example/2"]);
});

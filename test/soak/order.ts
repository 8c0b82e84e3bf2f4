import type { Stack } from "../../dev/start-stack.ts";
import type { Kind } from "./ledger.ts";
import type { Random } from "../seeded-random.ts";
import type { Order } from "./tab.ts";

/** The share of each kind of request. */
const SHARES: ReadonlyMap<Kind, number> = new Map([
  ["fetch", 30],
  ["xhr", 20],
  ["img", 20],
  ["post", 15],
  ["worker", 10],
  ["download", 5],
]);

const PIECE = 65_536;

/** Draws a request for a protected resource on the site's own origin or on the API's. */
export function drawOrder({ api }: Stack, random: Random, mayUseWorker: boolean): Order {
  const kind = random.weighted(SHARES);
  switch (kind) {
    case "fetch":
      return { kind, url: random.pick(["/api/orders", `${api.origin}/media/echo`]) };
    case "xhr":
      return { kind, url: random.pick(["/api/orders", `${api.origin}/media/photo`]) };
    case "img":
      return { kind, url: `${api.origin}/media/photo` };
    case "post":
      return { kind, url: random.pick(["/api/orders", `${api.origin}/media/echo`]) };
    case "worker":
      return { kind: mayUseWorker ? kind : "fetch", url: `${api.origin}/media/echo` };
    case "download": {
      const pieces = random.between(2, 20);
      const pause = random.between(0, 200);
      const bytes = pieces * PIECE;
      return { kind, bytes, url: `${api.origin}/media/download?bytes=${bytes}&pause=${pause}` };
    }
  }
}

/** The audience that a request's token has to be for. */
export const audienceOf = (url: string): string =>
  new URL(url, "http://localhost").pathname.startsWith("/api/") ? "api://orders" : "api://media";

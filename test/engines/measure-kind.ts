import { randomUUID } from "node:crypto";
import { expect } from "@playwright/test";
import type { ReceivedRequest } from "../../dev/protected-api/received-requests.ts";
import type { Kind } from "./site/kinds.js";
import { ADA, type Origin, type SiteWindow } from "./site-window.ts";

// Functions of `site/`.
declare function followed(): Promise<string>;
declare function perform(kind: string, url: string): Promise<string>;

/**
 * The result of a kind of request. In order: it carried the right token and the page could use the answer; it carried the
 * token and the page could not use the answer; it went out as the page made it; it did not go out.
 */
export type Outcome = "token" | "token, not usable" | "no token" | "nothing sent";

export interface Measurement {
  readonly outcome: Outcome;
  /** The facts behind the outcome, for the message of a test that fails. */
  readonly details: string;
}

const USABLE = "usable";

/** Makes a page perform a request of this kind. Concludes from the requests that the API received and from the page's result. */
export async function measureKind(site: SiteWindow, kind: Kind, origin: Origin): Promise<Measurement> {
  const mark = randomUUID();
  const url = site.url(origin, `${kind.path}${kind.path.includes("?") ? "&" : "?"}${mark}`);
  const answered = () =>
    site.stack.api.received.filter(({ query, status }) => query.endsWith(mark) && status !== null);

  await site.attach({ navigations: kind.navigation ?? false });
  if (!kind.first) await site.window.evaluate(() => fetch("/media/echo").then(({ ok }) => ok));
  const got = await performKind(site, kind, url);
  // A request that the page does not wait for may still be on its way.
  await expect
    .poll(() => answered().length, { timeout: 5_000 })
    .toBeGreaterThanOrEqual(kind.requests ?? 1)
    .catch(() => undefined);

  const requests = answered();
  const details = JSON.stringify({
    got,
    requests: requests.map(({ authorization, refusal, status, headers: { range } }) => ({
      authorization,
      refusal,
      status,
      range,
    })),
  });
  return { outcome: outcomeOf(kind, requests, got), details };
}

/** @returns `USABLE`, or the page's error */
async function performKind({ window }: SiteWindow, { name, afterwards }: Kind, url: string): Promise<string> {
  const result = await window.evaluate((request) => perform(request.name, request.url), { name, url });
  if (afterwards === undefined) return result;
  if (afterwards === "leave") {
    await window.goto(new URL("/left.html", await window.evaluate(() => location.href)).href);
    return USABLE;
  }
  await window.click("#act");
  if (afterwards === "click") return await window.evaluate(() => followed());
  if (afterwards === "tab") {
    const shown = await window.evaluate(() => followed());
    await window.closeOtherTabs();
    return shown;
  }

  // Any other page is an error page of the browser or of the API. Its title says which.
  const seen = () =>
    window.evaluate((usable) => ("protectedPage" in globalThis ? usable : document.title), USABLE);
  await expect
    .poll(() => seen().catch(() => ""))
    .toBe(USABLE)
    .catch(() => undefined);
  return await seen();
}

function outcomeOf(
  { requests = 1, ranges }: Kind,
  received: readonly ReceivedRequest[],
  got: string,
): Outcome {
  const hasToken = ({ token }: ReceivedRequest) =>
    token?.username === ADA && token.audience === "api://media" && token.scopes.includes("Media.Read");
  if (received.length === 0) return "nothing sent";
  if (!received.every(hasToken)) return "no token";
  const isUsable =
    got === USABLE &&
    received.length >= requests &&
    received.every(({ status }) => status !== null && status < 400) &&
    (!ranges || received.some(({ headers }) => headers.range !== undefined));
  return isUsable ? "token" : "token, not usable";
}

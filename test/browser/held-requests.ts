import type { BrowserContext, Page } from "@playwright/test";
import type { Stack } from "../../dev/start-stack.ts";
import { expect } from "./fixtures.ts";

export interface HeldRequests {
  /** Waits until a request is held. */
  asked(): Promise<void>;
  /** Lets the held requests go on, and all later ones. */
  release(): void;
}

/** Holds the requests of a page or a browser context. A released request goes on, or fails as without a network. */
export async function holdRequests(
  from: Page | BrowserContext,
  url: string | ((url: URL) => boolean),
  end: "go on" | "fail" = "go on",
): Promise<HeldRequests> {
  let count = 0;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await from.route(url, async (route) => {
    count++;
    await held;
    await (end === "fail" ? route.abort() : route.continue());
  });
  return { asked: () => expect.poll(() => count).toBeGreaterThan(0), release };
}

/** Whether a URL is the provider's token endpoint. */
export const isForTokens =
  ({ provider }: Stack) =>
  (url: URL): boolean =>
    url.origin === provider.origin && url.pathname.endsWith("/token");

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

/** Holds the answer to the next request of a page, which its server has received and answered. */
export async function holdNextAnswer(
  page: Page,
  url: (url: URL) => boolean,
): Promise<{ readonly answered: Promise<void>; release(): void }> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const answered = new Promise<void>((resolve) => {
    void page.route(
      url,
      async (route) => {
        const response = await route.fetch();
        resolve();
        await held;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
  });
  return { answered, release };
}

/** Whether a URL is the provider's token endpoint. */
export const isForTokens =
  ({ provider }: Stack) =>
  (url: URL): boolean =>
    url.origin === provider.origin && url.pathname.endsWith("/token");

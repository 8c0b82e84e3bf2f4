import {
  type EventMessage,
  EventType,
  InteractionType,
  type IPublicClientApplication,
  type RedirectRequest,
} from "@azure/msal-browser";
import { expect, test } from "@playwright/test";
import { acquireByRedirect, type RedirectReturn } from "../../page/msal/redirect.ts";
import { withGlobals } from "./with-globals.ts";

const REQUEST: RedirectRequest = { scopes: ["Orders.Read"] };
const STAYED = new Error("The page has not left.");

/** A page whose MSAL has an interaction under way. */
class Page {
  readonly listeners = new Set<(event: EventMessage) => void>();
  readonly settled = new AbortController();
  readonly userActivation = { isActive: false };
  /** The outcome of the last redirect. */
  returned: RedirectReturn = null;
  redirects = 0;
  /** Resolves once MSAL is asked to leave. */
  readonly left: Promise<void>;
  readonly #msal: unknown;

  constructor() {
    let left = (): void => undefined;
    this.left = new Promise((resolve) => (left = resolve));
    this.#msal = {
      getConfiguration: () => ({ system: {} }),
      addEventCallback: (listener: (event: EventMessage) => void) => {
        this.listeners.add(listener);
        return "id";
      },
      removeEventCallback: () => this.listeners.clear(),
      acquireTokenRedirect: () => {
        this.redirects += 1;
        left();
        return Promise.resolve();
      },
    };
  }

  /** The interaction under way fails. Our own redirect rejects after its event. */
  async fail(isOurs: boolean): Promise<void> {
    const event = { eventType: EventType.ACQUIRE_TOKEN_FAILURE, interactionType: InteractionType.Redirect };
    for (const listener of this.listeners) listener(event as EventMessage);
    for (let microtasks = 0; microtasks < 20; microtasks++) await Promise.resolve();
    if (isOurs) this.returned = { error: STAYED };
  }

  /** @returns the error, or `null` once the page may leave */
  leave(): Promise<unknown> {
    const { signal } = this.settled;
    const msal = this.#msal as IPublicClientApplication;
    return acquireByRedirect(
      msal,
      REQUEST,
      () => this.returned,
      signal,
      () => undefined,
    ).then(
      () => null,
      (error: unknown) => error,
    );
  }

  async run(work: () => Promise<void>): Promise<void> {
    const { userActivation } = this;
    const window: Record<string, unknown> = {};
    window["parent"] = window;
    const sessionStorage = { getItem: () => "{}" };
    await withGlobals({ window, sessionStorage, navigator: { userActivation } }, work);
  }
}

test("a redirect that waited for our own one, of a user who stayed, is not tried again", async () => {
  const page = new Page();
  await page.run(async () => {
    const leaving = page.leave();
    await page.fail(true);
    expect(await leaving).toBe(STAYED);
    expect(page.redirects).toBe(0);
  });
});

test("a redirect that waited for our own one is tried again within a click", async () => {
  const page = new Page();
  await page.run(async () => {
    const leaving = page.leave();
    page.userActivation.isActive = true;
    await page.fail(true);
    expect(await leaving).toBeNull();
    await page.left;
  });
});

test("a redirect that waited for an interaction of the app leaves the page once that has failed", async () => {
  const page = new Page();
  await page.run(async () => {
    const leaving = page.leave();
    await page.fail(false);
    expect(await leaving).toBeNull();
    await page.left;
    expect(page.redirects).toBe(1);
  });
});

test("a redirect whose question has ended while it waited does not leave the page", async () => {
  const page = new Page();
  await page.run(async () => {
    const leaving = page.leave();
    await page.fail(false);
    page.settled.abort(STAYED);
    expect(await leaving).toBe(STAYED);
    expect(page.redirects).toBe(0);
  });
});

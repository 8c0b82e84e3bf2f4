import type { Page } from "@playwright/test";
import { expect, type SitePage } from "./fixtures.ts";

/** The facts about a popup of MSAL that no documentation promises, and that `page/msal/` relies on. */
export interface PrivateParts {
  /** The item that MSAL keeps in the opener's `sessionStorage` while the popup is open. */
  readonly status: string | null;
  /** The popup's name. */
  readonly name: string;
  /** The delays of all timers that the opener has set since the popup was asked for, in milliseconds. */
  readonly delays: readonly number[];
}

/** Records the page's timers from now on. */
export const recordTimers = (site: SitePage): Promise<void> =>
  site.run(() => {
    const setTimeout = window.setTimeout.bind(window);
    const delays: number[] = [];
    const recording = (callback: () => void, delay?: number): number => {
      delays.push(delay ?? 0);
      return setTimeout(callback, delay);
    };
    Object.assign(window, { delays, setTimeout: recording });
  });

/** Reads the facts while `popup` is open. */
export async function readPrivateParts(site: SitePage, popup: Page): Promise<PrivateParts> {
  return {
    status: await site.run(() => sessionStorage.getItem("msal.interaction.status")),
    name: await popup.evaluate(() => window.name),
    delays: await site.global<number[]>("delays"),
  };
}

/** Fails with the consequence when this version of MSAL has dropped a fact. */
export function expectPrivateParts(version: string, { status, name, delays }: PrivateParts): void {
  const major = Number.parseInt(version);
  expect(
    status,
    `MSAL ${version} keeps its interaction elsewhere than in "msal.interaction.status": a redirect does not wait for the app's own popup, the app's buttons fail after a closed popup, and a popup closes before MSAL 3 and 4 have read its address (page/msal/interaction-status.ts)`,
  ).toMatch(major < 4 ? /^[\da-f-]{36}$/ : /^\{.*"clientId":"[\da-f-]{36}"/);
  expect(
    name,
    `MSAL ${version} names its popup otherwise than "msal.…": the redirect page does not know its opener, and closes before MSAL 3 and 4 have read the answer (page/msal/answer.ts)`,
  ).toMatch(/^msal\./);
  expect(
    delays.includes(600_000),
    `MSAL ${version} reads "popupBridgeTimeout" at another time or by another name: it gives up a popup in which the user has been busy for a minute (extendTimeout in page/msal/popup.ts)`,
  ).toBe(major >= 5);
}

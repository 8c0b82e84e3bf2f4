import { once } from "node:events";
import { expect, test } from "@playwright/test";
import { handOn } from "../../page/msal/answer.ts";
import { readAnswer } from "../../page/msal/url-answer.ts";
import { withGlobals } from "./with-globals.ts";

const ORIGIN = "https://shop.example";
const STATUS = "msal.interaction.status";
const CLIENT = "4b1d6f0e-8a52-4c37-9e4d-2f7a61b3c985";

interface Opened {
  /** The part of the URL after the redirect page. */
  readonly url: string;
  readonly opener?: object;
  readonly parent?: object;
  readonly name?: string;
  /** The items of the page's own `sessionStorage`. */
  readonly notes?: Record<string, string>;
}

/** A page of the redirect URI, as far as the answer's way needs one. */
class RedirectPage {
  readonly notes: Map<string, string>;
  readonly location: { href: string; hash: string; search: string; origin: string; pathname: string };
  readonly left: string[] = [];
  closes = 0;
  /** Called by the page whenever it looks at its opener. */
  look = (): void => undefined;
  readonly #globals: Record<string, unknown>;

  constructor({ url, opener, parent, name = "", notes = {} }: Opened) {
    const { href, hash, search, pathname } = new URL(`/bearer-redirect.html${url}`, ORIGIN);
    const assign = (to: string): void => void this.left.push(to);
    const at = { href, hash, search, origin: ORIGIN, pathname, assign, replace: assign };
    this.location = at;
    this.notes = new Map(Object.entries(notes));
    const sessionStorage = storageOf(this.notes);
    const history = {
      replaceState: (_state: unknown, _title: string, to: string): void =>
        void Object.assign(at, { href: to, hash: new URL(to).hash, search: new URL(to).search }),
    };
    const page = { location: at, history, sessionStorage, name, opener: opener ?? null };
    const close = (): void => void this.closes++;
    // MSAL waits for the next page by a timer.
    const setTimeout = (late: () => void): void => {
      if (this.left.length > 0) queueMicrotask(late);
    };
    const window = Object.assign(page, { close, setTimeout });
    Object.assign(window, { parent: parent ?? window });
    this.#globals = {
      window,
      location: at,
      history,
      sessionStorage,
      document: { title: "" },
      setTimeout,
      setInterval: (look: () => void) => ((this.look = look), 1),
      clearInterval: () => (this.look = () => undefined),
    };
  }

  do<Result>(work: () => Result): Promise<Awaited<Result>> {
    return withGlobals(this.#globals, work);
  }
}

const storageOf = (notes: Map<string, string>) => ({
  getItem: (key: string) => notes.get(key) ?? null,
  setItem: (key: string, value: string) => notes.set(key, value),
});

const stateOf = (interactionType: string, id = "an-id"): string =>
  btoa(JSON.stringify({ id, meta: { interactionType } }));

for (const [url, answer] of [
  [`#code=c&state=${stateOf("popup")}`, { interaction: "popup", isSignOut: false }],
  [`#code=c&state=${stateOf("silent")}%7Cthe-app's`, { interaction: "silent", isSignOut: false }],
  [`?error=access_denied&state=${stateOf("redirect")}`, { interaction: "redirect", isSignOut: false }],
  [`?state=${stateOf("popup")}`, { interaction: "popup", isSignOut: true }],
  ["#code=c&state=another-library", null],
  ["#/orders?state=open", null],
  ["", null],
] as const) {
  test(`the answer in ${url.replace(/eyJ\w+/, "<state>") || "a bare URL"} is ${JSON.stringify(answer)}`, async () => {
    expect(await new RedirectPage({ url }).do(readAnswer)).toEqual(answer);
  });
}

test("a popup sends MSAL 5 its message, keeps the address for MSAL 3 and 4, and closes when its opener is done", async () => {
  const notes = new Map([[STATUS, "{}"]]);
  const opener = { sessionStorage: storageOf(notes) };
  const url = `#code=c&state=${stateOf("popup", "popup-id")}`;
  const page = new RedirectPage({ url, opener, name: "msal.client" });
  const channel = new BroadcastChannel("popup-id");
  const received = once(channel as unknown as EventTarget, "message");

  await page.do(handOn);

  const [{ data }] = (await received) as [MessageEvent];
  channel.close();
  expect(data).toMatchObject({ payload: url.slice(1) });
  expect(page.location.hash).toBe(url);
  await page.do(() => page.look());
  expect(page.closes).toBe(0);
  notes.clear();
  await page.do(() => page.look());
  expect(page.closes).toBe(1);
});

test("a popup whose opener a policy has taken away is MSAL 5's, and closes at once", async () => {
  const page = new RedirectPage({ url: `#code=c&state=${stateOf("popup")}` });
  await page.do(handOn);
  expect([page.closes, page.location.hash]).toEqual([1, ""]);
});

test("the end of a sign-out that has a state is MSAL 5's, and its popup closes at once", async () => {
  const opener = { sessionStorage: storageOf(new Map()) };
  const page = new RedirectPage({ url: `?state=${stateOf("popup")}`, opener, name: "msal.client" });
  await page.do(handOn);
  expect(page.closes).toBe(1);
});

test("a redirect's answer goes to the page that left, also with the note of MSAL 3", async () => {
  for (const status of [CLIENT, JSON.stringify({ clientId: CLIENT, type: "signin" })]) {
    const url = `#code=c&state=${stateOf("redirect")}`;
    const notes = { [STATUS]: status, [`msal.${CLIENT}.request.origin`]: `${ORIGIN}/orders` };
    const page = new RedirectPage({ url, notes });
    await expect(page.do(handOn)).rejects.toMatchObject({ errorCode: "timed_out" });
    expect(page.left).toEqual([`${ORIGIN}/orders`]);
    expect(page.notes.get(`msal.${CLIENT}.urlHash`)).toBe(url.slice(1));
    expect(page.notes.get(STATUS)).toBe(status);
  }
});

test("a redirect to sign out that comes back without a state leads to the page's folder", async () => {
  const page = new RedirectPage({ url: "", notes: { [STATUS]: CLIENT } });
  await page.do(handOn);
  expect(page.left).toEqual(["."]);
});

test("a page without an answer says so", async () => {
  await expect(new RedirectPage({ url: "" }).do(handOn)).rejects.toMatchObject({
    errorCode: "empty_response",
  });
});

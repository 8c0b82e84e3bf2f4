import { expect, test } from "@playwright/test";
import type Keycloak from "keycloak-js";
import { requestFor } from "./fake-tabs.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { loaded, withGlobals } from "./with-globals.ts";

const { keycloakTokenSource } = await loaded(() => import("../../integrations/keycloak-js.ts"));

const REFUSED = { response: { status: 400 } };

/** Keycloak's adapter with a session, whose refresh ends as the test says. */
class FakeKeycloak {
  readonly endpoints = {
    authorize: () => "https://id.example/auth",
    token: () => "https://id.example/token",
  };
  token: string | undefined = "token";
  subject: string | undefined = "ada";
  idTokenParsed: { readonly sub?: string } | undefined = undefined;
  readonly refreshToken = "refresh token";
  onAuthLogout?: () => void;
  refresh: () => Promise<boolean> = () => Promise.resolve(true);

  updateToken = (): Promise<boolean> => this.refresh();
  createLoginUrl = (): Promise<string> => Promise.resolve("https://id.example/auth");
  clearToken(): void {
    this.token = undefined;
    this.subject = undefined;
    this.idTokenParsed = undefined;
    this.onAuthLogout?.();
  }
}

async function open(tokens: Partial<Pick<FakeKeycloak, "token" | "subject" | "idTokenParsed">> = {}) {
  const keycloak = Object.assign(new FakeKeycloak(), tokens);
  const source = await withGlobals({ location: new URL("https://shop.example/") }, () =>
    keycloakTokenSource(keycloak as unknown as Keycloak),
  );
  const said: string[] = [];
  source.subscribe((change) => said.push(change));
  const code = (): Promise<unknown> =>
    source
      .acquireSilent({ ...requestFor(), forceRefresh: true })
      .catch((error: { code?: unknown }) => error.code);
  return { keycloak, source, said, code };
}
/** Timers of the same length run in the order in which they were set: this one comes after the source's own. */
const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("a user whose refresh token is refused stays the page's account, and has to sign in", async () => {
  const { keycloak, source, said, code } = await open();
  keycloak.refresh = () => {
    keycloak.clearToken();
    return Promise.reject(REFUSED as unknown as Error);
  };
  expect(await code()).toBe("interaction_required");
  await task();
  expect([source.account(), said]).toEqual(["ada", []]);
});

test("a user who has signed out elsewhere is gone at once, although the refresh is refused afterwards", async () => {
  const { keycloak, source, said, code } = await open();
  keycloak.refresh = async () => {
    keycloak.clearToken();
    await task();
    await task();
    throw REFUSED as unknown as Error;
  };
  expect(await code()).toBe("interaction_required");
  expect([source.account(), said]).toEqual([null, ["account"]]);
});

test("a sign-out by the site is one, and a refresh that fails otherwise says nothing of the user", async () => {
  const { keycloak, source, said, code } = await open();
  keycloak.refresh = () => Promise.reject(new TypeError("Failed to fetch"));
  expect(await code()).toBeUndefined();
  expect([source.account(), said]).toEqual(["ada", []]);
  keycloak.clearToken();
  expect([source.account(), said]).toEqual([null, ["account"]]);
});

test("the adapter leaves the page in place of a popup within a click alone", async () => {
  const { source } = await open();
  const never = new AbortController().signal;
  await withGlobals({ navigator: { userActivation: { isActive: false } } }, async () => {
    const leaving = source.acquireInteractive(requestFor(), "popup", never, () => undefined);
    await expect(leaving).rejects.toMatchObject({ code: "popup_blocked" });
  });
});

test("a page that leaves in place of a popup, and is still there after 10 seconds, has not signed the user in", async () => {
  const { source } = await open();
  const clock = new ManualClock();
  const left: string[] = [];
  const globals = {
    navigator: { userActivation: { isActive: true } },
    location: { assign: (to: URL) => left.push(to.href) },
    setTimeout: (callback: () => void, milliseconds: number) => clock.after(milliseconds, callback),
    clearTimeout: (cancel: () => void) => cancel(),
  };
  await withGlobals(globals, async () => {
    const settled = new AbortController();
    const popup = () => source.acquireInteractive(requestFor(), "popup", settled.signal, () => undefined);
    const staying = popup().catch((error: { code?: unknown }) => error.code);
    await clock.advance(9_999);
    expect([left, clock.timers]).toEqual([["https://id.example/auth"], 1]);
    await clock.advance(1);
    expect(await staying).toBe("interaction_failed");

    const leaving = popup();
    await settle();
    settled.abort();
    expect([await leaving, clock.timers]).toEqual([null, 0]);
  });
});

test("the ID token names the user where the access token does not, and a visitor has no account", async () => {
  const { keycloak, source, said } = await open({ subject: undefined, idTokenParsed: { sub: "ada" } });
  expect(source.account()).toBe("ada");
  expect(await source.acquireSilent(requestFor())).toMatchObject({ accessToken: "token", account: "ada" });
  keycloak.clearToken();
  expect([source.account(), said]).toEqual([null, ["account"]]);

  const visitor = await open({ token: undefined, subject: undefined });
  expect(visitor.source.account()).toBeNull();
});

test("tokens that name no user are an error that says so, and no signed-out user", async () => {
  const error = {
    code: "invalid_options",
    message: expect.stringContaining('Add the client scope "basic"') as unknown,
  };
  await expect(open({ subject: undefined })).rejects.toMatchObject(error);
  await expect(open({ subject: undefined, idTokenParsed: {} })).rejects.toMatchObject(error);

  // A renewed token may lack what the first one had.
  const { keycloak, source } = await open();
  keycloak.refresh = () => {
    keycloak.subject = undefined;
    return Promise.resolve(true);
  };
  await expect(source.acquireSilent(requestFor())).rejects.toMatchObject(error);
});

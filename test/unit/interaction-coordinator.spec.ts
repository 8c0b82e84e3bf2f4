import { expect, test } from "@playwright/test";
import { BearerWorkerError } from "../../protocol/errors.ts";
import {
  FakeBrowser,
  FakeTab,
  flush,
  ORDERS,
  requestFor,
  SITE,
  type TabOptions,
  tokenOf,
} from "./fake-tabs.ts";

const requiredBy = (cause: unknown): BearerWorkerError =>
  new BearerWorkerError("interaction_required", "The user has to act.", { cause });

/** Starts a request that needs the user. Its outcome is the token's text, `null`, or the code of an error. */
function need(
  tab: FakeTab,
  request = requestFor(),
  error = requiredBy(undefined),
): { readonly outcome: Promise<unknown> } {
  const outcome = tab.interaction.run(request, `${SITE}api/*`, error).then(
    (token) => token && token.accessToken,
    (error: unknown) => (error instanceof BearerWorkerError ? error.code : error),
  );
  return { outcome };
}

/** A request whose question the user sees now. */
async function ask(tab: FakeTab): Promise<{ readonly outcome: Promise<unknown> }> {
  const needed = need(tab);
  await flush();
  return needed;
}

/** The name of the app's channel and lock. */
const appOf = (browser: FakeBrowser): string => [...browser.channels].map(({ name }) => name).at(-1) ?? "";

const sentTypes = ({ sent }: FakeBrowser): unknown[] => sent.map((data) => (data as { type: unknown }).type);

let unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
test.beforeEach(() => {
  unhandled = [];
  process.on("unhandledRejection", note);
});
test.afterEach(async () => {
  await flush();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test.describe("one tab", () => {
  const open = (options: TabOptions = {}): { browser: FakeBrowser; tab: FakeTab } => {
    const browser = new FakeBrowser();
    return { browser, tab: new FakeTab(browser, options) };
  };

  test("the user is asked, signs in by popup, and the request has its token", async () => {
    const { browser, tab } = open();
    const { outcome } = await ask(tab);
    expect(tab.question).toMatchObject({ resource: `${SITE}api/*`, scopes: ["Orders.Read"], trouble: null });

    const popup = tab.question.popup();
    tab.signInByPopup();

    expect(await outcome).toBe("token of ada");
    await popup;
    expect(tab.question.signal.aborted).toBe(true);
    expect(tab.popups.at(-1)?.settled.aborted).toBe(true);
    expect(tab.acted).toBe(1);
    expect(browser.sent).toEqual([{ version: 1, type: "acted" }]);
    expect(browser.held.size).toBe(0);
  });

  test("requests that need the user at the same time share one interaction", async () => {
    const { tab } = open();
    const outcomes = [need(tab), need(tab), need(tab, requestFor(`${ORDERS}/1`, ["Orders.Write"]))];
    await flush();
    void tab.question.popup();
    tab.signInByPopup();

    expect(await Promise.all(outcomes.map(({ outcome }) => outcome))).toEqual(["token of ada", null, null]);
    expect(tab.asked).toHaveLength(1);
  });

  test("requests that share an interaction fail with its error", async () => {
    const { tab } = open();
    const outcomes = [need(tab), need(tab)];
    await flush();
    tab.question.decline();

    expect(await Promise.all(outcomes.map(({ outcome }) => outcome))).toEqual(
      Array(2).fill("interaction_declined"),
    );
  });

  test("a refusal stands until the user signs in at their own wish", async () => {
    const { tab } = open();
    const { outcome } = await ask(tab);
    tab.question.decline();
    expect(await outcome).toBe("interaction_declined");
    expect(await need(tab).outcome).toBe("interaction_declined");
    expect(tab.asked).toHaveLength(1);

    const signedIn = tab.interaction.signIn();
    await flush();
    expect(tab.asked).toHaveLength(2);
    expect(tab.question).toMatchObject({ resource: `${SITE}api/*`, scopes: ["Orders.Read"] });
    void tab.question.popup();
    tab.signInByPopup();
    await signedIn;
  });

  test("a refusal stands until the account changes, or the user signs in by the site's own button", async () => {
    const { tab } = open();
    const { outcome } = await ask(tab);
    tab.question.decline();
    await outcome;

    tab.account = "alan";
    tab.interaction.forgive();
    await ask(tab);

    expect(tab.asked).toHaveLength(2);
  });

  test("a popup that was blocked does not stand: the next request asks", async () => {
    const { tab } = open({ interaction: "popup" });
    for (const _attempt of [1, 2]) {
      const { outcome } = await ask(tab);
      tab.popups.at(-1)?.reject(new BearerWorkerError("popup_blocked", "A blocked popup."));
      expect(await outcome).toBe("popup_blocked");
    }
    expect(tab.popups).toHaveLength(2);
  });

  test("a popup that was closed stands where there is no dialog to try again", async () => {
    const { tab } = open({ interaction: "popup" });
    const { outcome } = await ask(tab);
    tab.popups.at(-1)?.reject(new BearerWorkerError("popup_closed", "A closed popup."));

    expect(await outcome).toBe("popup_closed");
    expect(await need(tab).outcome).toBe("popup_closed");
    expect(tab.popups).toHaveLength(1);
  });

  test("a page that is leaving refuses requests, and leaves again within a click if it is still there after 10 seconds", async () => {
    const { browser, tab } = open({ interaction: "redirect" });
    const { outcome } = await ask(tab);
    tab.popups.at(-1)?.resolve(null);
    expect(await outcome).toBe("redirecting");

    await browser.clock.advance(9_999);
    expect(await need(tab).outcome).toBe("redirecting");
    await browser.clock.advance(1);
    // The user has stayed, and would be asked to leave again and again.
    expect(await need(tab).outcome).toBe("interaction_failed");
    expect(tab.popups).toHaveLength(1);
    tab.isClicked = true;
    await ask(tab);
    expect(tab.popups).toHaveLength(2);
  });

  test("a page that is still there after five minutes leaves again without a click", async () => {
    const { browser, tab } = open({ interaction: "redirect" });
    await ask(tab);
    tab.popups.at(-1)?.resolve(null);
    await browser.clock.advance(300_000);
    await ask(tab);
    expect(tab.popups).toHaveLength(2);
  });

  test("a redirect whose source never settles ends after 10 seconds, with the requests, the lock and the sign-in", async () => {
    const { browser, tab } = open({ interaction: "redirect" });
    const { outcome } = await ask(tab);
    const signIn = tab.interaction.signIn().catch((error: { code?: unknown }) => error.code);
    await browser.clock.advance(9_999);
    expect(browser.held.size).toBe(1);
    await browser.clock.advance(1);

    expect([await outcome, await signIn]).toEqual(["interaction_failed", "interaction_failed"]);
    expect(tab.popups[0]?.settled.aborted).toBe(true);
    expect([browser.held.size, browser.clock.timers]).toEqual([0, 0]);
    tab.isClicked = true;
    await ask(tab);
    expect(tab.popups).toHaveLength(2);
  });

  test("a popup that the user takes their time for is not ended", async () => {
    const { browser, tab } = open();
    const { outcome } = await ask(tab);
    void tab.question.popup();
    await browser.clock.advance(60_000);
    tab.signInByPopup();
    expect(await outcome).toBe("token of ada");
  });

  test("a page that detaches while it leaves keeps no timer, and has not left", async () => {
    const { browser, tab } = open({ interaction: "redirect" });
    await ask(tab);
    expect([...tab.storage.values()]).toEqual(['["Orders.Read"]']);
    tab.stopped.abort();
    await flush();
    expect([browser.clock.timers, tab.storage.size]).toEqual([0, 0]);
  });

  test("a redirect that fails after all is tried again by the next request, which hears of its error", async () => {
    const { tab } = open({ interaction: "redirect" });
    const { outcome } = await ask(tab);
    tab.popups.at(-1)?.resolve(null);
    expect(await outcome).toBe("redirecting");

    tab.interaction.stayed();
    const next = await ask(tab);
    tab.popups.at(-1)?.reject(new Error("The provider cannot be reached."));
    expect(await next.outcome).toBe("interaction_failed");
  });

  test("the error of a redirect reaches the request, also where the app ignores the promise", async () => {
    const { tab } = open();
    const failure = new Error("The provider cannot be reached.");
    const needed = tab.interaction.run(requestFor(), ORDERS);
    await flush();
    void tab.question.redirect().catch(() => undefined);
    tab.popups.at(-1)?.reject(failure);

    await expect(needed).rejects.toMatchObject({ code: "interaction_failed", cause: failure });
  });

  for (const [says, interaction, code] of [
    ["returns false", () => false, "interaction_declined"],
    ["rejects", () => Promise.reject(new Error("no bar")), "interaction_failed"],
    ["throws", () => JSON.parse("{") as boolean, "interaction_failed"],
    ["returns true", () => true, null],
  ] as const) {
    test(`an interaction function that ${says} ends the request with ${code}`, async () => {
      const { tab } = open({ interaction });
      expect(await need(tab).outcome).toBe(code);
    });
  }

  test("an interaction function that ignores a failed popup leaves no unhandled rejection, and may try again", async () => {
    const { tab } = open();
    const { outcome } = await ask(tab);
    void tab.question.popup();
    tab.popups.at(-1)?.reject(new Error("The provider cannot be reached."));
    await flush();
    void tab.question.popup();
    tab.signInByPopup();

    expect(await outcome).toBe("token of ada");
    expect(tab.asked).toHaveLength(1);
  });

  test("a popup that is open comes to the front, and one that is closed opens anew", async () => {
    const { tab } = open();
    const { outcome } = await ask(tab);
    const [first, fronts] = [tab.question.popup(), [] as string[]];
    expect(tab.question.isPopupOpen()).toBe(false);
    let isOpen = true;
    tab.popups[0]?.opened({ isOpen: () => isOpen, focus: () => fronts.push("first") });
    expect(tab.question.isPopupOpen()).toBe(true);
    expect(tab.question.popup()).toBe(first);
    expect(fronts).toEqual(["first"]);
    expect(tab.popups).toHaveLength(1);

    isOpen = false;
    expect(tab.question.isPopupOpen()).toBe(false);
    void tab.question.popup();
    expect(tab.popups).toHaveLength(2);
    tab.signInByPopup();
    expect(await outcome).toBe("token of ada");
  });

  test("the question names its reason: a session that has ended, a challenge, no user, or a missing consent", async () => {
    const consent = { errorCode: "invalid_grant", subError: "consent_required" };
    for (const [account, challenge, cause, reason] of [
      ["ada", {}, undefined, "session-ended"],
      ["ada", {}, { errorCode: "interaction_required", subError: "basic_action" }, "session-ended"],
      ["ada", { claims: "{}" }, undefined, "challenged"],
      [null, {}, undefined, "signed-out"],
      ["ada", {}, consent, "consent"],
      ["ada", {}, { errorCode: "consent_required", subError: "" }, "consent"],
      // As oidc-client-ts says it.
      ["ada", {}, { error: "consent_required" }, "consent"],
      ["ada", { claims: "{}" }, consent, "challenged"],
    ] as const) {
      const { tab } = open({ account });
      need(tab, { ...requestFor(), challenge }, requiredBy(cause));
      await flush();
      expect(tab.question.reason, JSON.stringify(cause)).toBe(reason);
    }
  });

  test('with interaction "none" a request fails at once, in a hidden page as well', async () => {
    const { browser, tab } = open({ interaction: "none", isVisible: false });
    expect(await need(tab).outcome).toBe("interaction_disabled");
    await expect(tab.interaction.signIn()).rejects.toMatchObject({ code: "interaction_disabled" });
    expect(browser.sent).toEqual([]);
  });

  test("the question ends when the user leaves the page, and comes back with them and the popup's trouble", async () => {
    const { browser, tab } = open();
    const { outcome } = await ask(tab);
    const first = tab.question;
    void first.popup();
    tab.popups.at(-1)?.reject(new BearerWorkerError("popup_closed", "A closed popup."));
    await flush();
    await browser.clock.advance(0);
    expect(first.signal.aborted).toBe(false);

    tab.show(false);
    await flush();
    expect(first.signal.aborted).toBe(true);
    expect(browser.held.size).toBe(0);
    tab.show(true);
    await flush();
    expect(tab.asked).toHaveLength(2);
    expect(tab.question.trouble).toBe("popup_closed");
    void tab.question.popup();
    tab.signInByPopup();
    expect(await outcome).toBe("token of ada");
  });

  test("a hidden page still asks while its popup is open, and no longer after the popup failed", async () => {
    const { browser, tab } = open();
    await ask(tab);
    void tab.question.popup();
    tab.show(false);
    await flush();
    expect(tab.question.signal.aborted).toBe(false);

    tab.popups.at(-1)?.reject(new BearerWorkerError("popup_closed", "A closed popup."));
    await flush();
    await browser.clock.advance(0);
    await flush();
    expect(tab.question.signal.aborted).toBe(true);
  });

  test("signing in by the site's own button ends the question, in a later task than the popup's own result", async () => {
    const { browser, tab } = open();
    const { outcome } = await ask(tab);
    tab.acquireSilent = () => Promise.resolve(tokenOf("ada"));
    tab.interaction.forgive();
    await flush();
    expect(tab.question.signal.aborted).toBe(false);

    await browser.clock.advance(0);
    expect(await outcome).toBe("token of ada");
    expect(tab.question.signal.aborted).toBe(true);
    expect(sentTypes(browser)).toEqual(["acted"]);
  });

  for (const [title, account] of [
    ["the user signs out", null],
    ["the page switches accounts", "alan"],
  ] as const) {
    test(`a question ends when ${title}, nothing is acquired for it, and other tabs are told nothing`, async () => {
      const { browser, tab } = open();
      const { outcome } = await ask(tab);
      tab.account = account;
      tab.interaction.accountLeft();

      expect(await outcome).toBeNull();
      expect(tab.question.signal.aborted).toBe(true);
      expect(tab.asked).toHaveLength(1);
      expect(tab.silent).toEqual([]);
      expect(sentTypes(browser)).toEqual([]);
    });
  }

  for (const [title, { after = 0, isClicked = false }, left] of [
    ["stays", {}, 0],
    ["leaves within a click", { isClicked: true }, 1],
    ["leaves five minutes later", { after: 300_000 }, 1],
  ] as const) {
    test(`a page that has just come back from a redirect, and has no token yet, ${title}`, async () => {
      const { browser, tab: before } = open({ interaction: "redirect" });
      need(before);
      await flush();
      expect(before.popups).toHaveLength(1);
      const { storage } = before;
      before.stopped.abort();

      const tab = new FakeTab(browser, { interaction: "redirect", storage });
      tab.isClicked = isClicked;
      await browser.clock.advance(after);
      const { outcome } = need(tab);
      await flush();
      expect(tab.popups).toHaveLength(left);
      if (left === 0) expect(await outcome).toBe("interaction_failed");
      expect([...storage.values()].join()).toBe(left === 0 ? "" : '["Orders.Read"]');
    });
  }

  test("a redirect that fails leaves no mark, two that follow each other leave both, and a forbidden storage none", async () => {
    const { browser, tab } = open({ interaction: "redirect" });
    const first = need(tab);
    await flush();
    tab.popups.at(-1)?.reject(new Error("The provider is down."));
    expect(await first.outcome).toBe("interaction_failed");
    expect(tab.storage.size).toBe(0);
    tab.isClicked = true;
    need(tab);
    await flush();

    const next = new FakeTab(browser, { interaction: "redirect", storage: tab.storage });
    tab.stopped.abort();
    need(next, requestFor(ORDERS, ["Orders.Write"]));
    await flush();
    expect([...next.storage.values()]).toEqual(['["Orders.Read","Orders.Write"]']);
    next.stopped.abort();

    const forbidden = new Proxy(new Map<string, string>(), {
      get: () => {
        throw new DOMException("The storage is forbidden.", "SecurityError");
      },
    });
    const last = new FakeTab(browser, { interaction: "redirect", storage: forbidden });
    need(last);
    await flush();
    expect(last.popups).toHaveLength(1);
  });

  test("an account that comes by other means ends the question in a later task, and other tabs are told nothing", async () => {
    const { browser, tab } = open({ account: null });
    const { outcome } = await ask(tab);
    tab.account = "ada";
    tab.acquireSilent = () => Promise.resolve(tokenOf("ada"));
    tab.interaction.accountCame();
    await flush();
    expect(tab.question.signal.aborted).toBe(false);
    await browser.clock.advance(0);
    expect(await outcome).toBe("token of ada");
    expect(sentTypes(browser)).toEqual([]);
  });

  test("other tabs hear of a sign-in once, although its account comes after it", async () => {
    const { browser, tab } = open({ account: null });
    tab.interaction.forgive();
    tab.interaction.accountCame();
    await browser.clock.advance(0);
    tab.interaction.accountCame();
    await browser.clock.advance(0);
    expect(sentTypes(browser)).toEqual(["acted"]);
  });

  test("a page that leaves for the provider has the redirect tried again within a click, and not before", async () => {
    const { tab } = open({ interaction: "redirect" });
    const first = need(tab);
    await flush();
    tab.popups.at(-1)?.reject(new BearerWorkerError("interaction_failed", "It has just come back."));
    expect(await first.outcome).toBe("interaction_failed");
    expect(await need(tab).outcome).toBe("interaction_failed");
    expect(tab.popups).toHaveLength(1);

    tab.isClicked = true;
    need(tab);
    await flush();
    expect(tab.popups).toHaveLength(2);
  });

  test("a sign-in at the user's own wish, and one for another tab, ask for the type of token that the map names", async () => {
    const { tab } = open({ tokenType: "DPoP" });
    void tab.interaction.signIn();
    await flush();
    void tab.question.popup();
    expect(tab.requested).toMatchObject([{ tokenType: "DPoP" }]);
  });

  test("the popup's own result counts, although the identity library reports the sign-in before it", async () => {
    const { browser, tab } = open();
    const { outcome } = await ask(tab);
    void tab.question.popup();
    tab.interaction.forgive();
    tab.signInByPopup();

    expect(await outcome).toBe("token of ada");
    await browser.clock.advance(0);
    expect(tab.silent).toEqual([]);
  });
});

test.describe("several tabs", () => {
  const openTwo = (first: TabOptions = {}, second: TabOptions = {}): [FakeBrowser, FakeTab, FakeTab] => {
    const browser = new FakeBrowser();
    return [browser, new FakeTab(browser, first), new FakeTab(browser, second)];
  };

  test("one tab asks at a time; the other has its token silently after the user acted", async () => {
    const [, asking, waiting] = openTwo();
    const first = await ask(asking);
    const second = await ask(waiting);
    expect([asking.asked.length, waiting.asked.length]).toEqual([1, 0]);

    waiting.acquireSilent = () => Promise.resolve(tokenOf("ada"));
    void asking.question.popup();
    asking.signInByPopup();

    expect([await first.outcome, await second.outcome]).toEqual(["token of ada", "token of ada"]);
    expect(waiting.asked).toEqual([]);
    expect(waiting.acted).toBe(1);
  });

  test("the next tab asks when the first has gone and the token still needs the user", async () => {
    const [, asking, waiting] = openTwo();
    const gone = await ask(asking);
    await ask(waiting);
    asking.stopped.abort();
    await flush();

    expect(await gone.outcome).toBe("interaction_disabled");
    expect(waiting.asked).toHaveLength(1);
    expect(waiting.silent).toEqual([requestFor()]);
  });

  test("a silent failure after the wait goes to the request as it is, and does not stand", async () => {
    const [, asking, waiting] = openTwo();
    await ask(asking);
    const { outcome } = await ask(waiting);
    const failure = new Error("The provider is down.");
    waiting.acquireSilent = () => Promise.reject(failure);
    void asking.question.popup();
    asking.signInByPopup();
    expect(await outcome).toBe(failure);

    await ask(waiting);
    expect(waiting.asked).toHaveLength(1);
  });

  test("the silent try ends after 30 seconds, and leaves no timer", async () => {
    const [browser, asking, waiting] = openTwo();
    await ask(asking);
    const { outcome } = await ask(waiting);
    waiting.acquireSilent = () => new Promise(() => undefined);
    asking.stopped.abort();
    await flush();
    await browser.clock.advance(30_000);

    expect(await outcome).toBe("silent_timeout");
    expect(browser.clock.timers).toBe(0);
  });

  test("the user who declines in one tab has declined in the others, which do not repeat it", async () => {
    const [browser, asking, waiting] = openTwo();
    const first = await ask(asking);
    const second = await ask(waiting);
    asking.question.decline();

    expect([await first.outcome, await second.outcome]).toEqual(Array(2).fill("interaction_declined"));
    expect(await need(waiting).outcome).toBe("interaction_declined");
    expect(waiting.asked).toEqual([]);
    expect(sentTypes(browser)).toEqual(["declined"]);
  });

  test("a refusal ends in all tabs when the user acts in one", async () => {
    const [browser, one, other] = openTwo();
    const { outcome } = await ask(one);
    one.question.decline();
    await outcome;
    await flush();

    other.interaction.forgive();
    await browser.clock.advance(0);
    await flush();
    await ask(one);
    expect(one.asked).toHaveLength(2);
    expect(one.acted).toBe(1);
  });

  test("another account's refusal does not count", async () => {
    const [, one, other] = openTwo({ account: "ada" }, { account: "alan" });
    const { outcome } = await ask(one);
    one.question.decline();
    await outcome;
    await ask(other);

    expect(other.asked).toHaveLength(1);
  });

  test("a hidden tab's need is asked in the tab that the user sees", async () => {
    const [browser, hidden, seen] = openTwo({ isVisible: false });
    const { outcome } = await ask(hidden);
    expect(hidden.asked).toEqual([]);
    expect(seen.question).toMatchObject({ resource: `${SITE}api/*`, scopes: ["Orders.Read"] });

    hidden.acquireSilent = () => Promise.resolve(tokenOf("ada"));
    void seen.question.popup();
    seen.signInByPopup();
    expect(await outcome).toBe("token of ada");
    expect(sentTypes(browser)).toEqual(["needed", "acted"]);
  });

  test("a tab that gets its own token silently does not ask for a hidden tab", async () => {
    const [browser, hidden, seen] = openTwo({ isVisible: false });
    seen.acquireSilent = () => Promise.resolve(tokenOf("ada"));
    await ask(hidden);

    expect(seen.silent).toEqual([requestFor(`${SITE}api/*`)]);
    expect(seen.asked).toEqual([]);
    // Were the hidden tab told to try again, it would fail and ask again without end.
    expect(sentTypes(browser)).toEqual(["needed"]);
    await ask(seen);
    expect(seen.asked).toHaveLength(1);
  });

  test("messages between tabs hold no URL, no query and no challenge", async () => {
    const [browser, hidden] = openTwo({ isVisible: false });
    const request = requestFor(`${SITE}api/orders?secret=1#secret`);
    hidden.interaction.run(request, `${SITE}api/*`).catch(() => undefined);
    await flush();
    hidden.stopped.abort();

    expect(browser.sent).toEqual([
      { version: 1, type: "needed", account: "ada", key: `${SITE}api/*`, method: "GET" },
    ]);
  });

  test("a request with a challenge waits until the user sees its own tab", async () => {
    const [browser, hidden, seen] = openTwo({ isVisible: false });
    const challenge = { claims: '{"access_token":{"acrs":{"value":"c1"}}}' };
    hidden.interaction.run({ ...requestFor(), challenge }, `${SITE}api/*`).catch(() => undefined);
    await flush();
    expect([browser.sent, seen.asked]).toEqual([[], []]);

    hidden.show(true);
    await flush();
    expect(hidden.asked).toHaveLength(1);
  });

  test("a hidden tab repeats its need when the user sees another tab", async () => {
    const [browser, hidden, other] = openTwo({ isVisible: false }, { isVisible: false });
    await ask(hidden);
    expect(other.asked).toEqual([]);

    other.show(true);
    await flush();
    expect(sentTypes(browser)).toEqual(["needed", "seen", "needed"]);
    expect(other.asked).toHaveLength(1);
  });

  test("a hidden tab's need is ignored by a tab with another account", async () => {
    const [, hidden, seen] = openTwo({ isVisible: false, account: "ada" }, { account: "alan" });
    await ask(hidden);
    expect(seen.asked).toEqual([]);
  });

  for (const interaction of ["popup", "redirect"] as const) {
    test(`with interaction "${interaction}" a tab does not ask for another one`, async () => {
      const [, hidden, seen] = openTwo({ isVisible: false, interaction }, { interaction });
      await ask(hidden);
      expect(seen.popups).toEqual([]);
    });
  }

  test("an app is not held up by the open question of another app of the origin", async () => {
    const [browser, one, other] = openTwo({ keys: [`${SITE}api/*`] }, { keys: [`${SITE}other/*`] });
    const first = await ask(one);
    await ask(other);

    expect([one.asked.length, other.asked.length]).toEqual([1, 1]);
    expect(browser.held.size).toBe(2);
    one.question.decline();
    expect(await first.outcome).toBe("interaction_declined");
    await flush();
    expect(other.question.signal.aborted).toBe(false);
  });
});

test.describe("messages of other scripts", () => {
  const needed = { version: 1, type: "needed", account: "ada", key: `${SITE}api/*`, method: "GET" };

  test("the well-formed message asks, so that the malformed ones below show something", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser);
    browser.deliver(appOf(browser), needed);
    await flush();
    expect(tab.asked).toHaveLength(1);
  });

  for (const [what, data] of [
    ["null", null],
    ["a text", "needed"],
    ["a list", [needed]],
    ["no version", { ...needed, version: undefined }],
    ["another version", { ...needed, version: 2 }],
    ["a version that is a text", { ...needed, version: "1" }],
    ["an unknown type", { ...needed, type: "need" }],
    ["a type that is no text", { ...needed, type: ["needed"] }],
    ["no account", { ...needed, account: undefined }],
    ["an account that is no text", { ...needed, account: { name: "ada" } }],
    ["no key", { ...needed, key: undefined }],
    ["a key that is no text", { ...needed, key: [`${SITE}api/*`] }],
    ["a key that the map does not have", { ...needed, key: `${SITE}elsewhere` }],
    ["a URL in place of a key", { ...needed, key: ORDERS }],
    ["no method", { ...needed, method: undefined }],
    ["a method that is no text", { ...needed, method: 1 }],
    ["declined, of another version", { version: 0, type: "declined", account: "ada" }],
    ["declined, without an account", { version: 1, type: "declined" }],
    ["acted, of another version", { version: 2, type: "acted" }],
  ] as const) {
    test(`a message with ${what} is ignored`, async () => {
      const browser = new FakeBrowser();
      const tab = new FakeTab(browser);
      browser.deliver(appOf(browser), data);
      await flush();

      expect([tab.asked.length, tab.acted]).toEqual([0, 0]);
      // The next request asks, so nothing was refused.
      await ask(tab);
      expect(tab.asked).toHaveLength(1);
    });
  }

  test("a question for another tab is made from this page's own entry", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser, { interaction: ({ popup }) => popup() });
    const forged = { url: "https://evil.example/", scopes: ["Everything"], challenge: { claims: "{}" } };
    browser.deliver(appOf(browser), { ...needed, ...forged, request: forged });
    await flush();
    tab.popups.at(-1)?.reject(new BearerWorkerError("popup_blocked", "A blocked popup."));
    await flush();

    expect(tab.popups).toHaveLength(1);
    expect(tab.requested).toEqual([requestFor(`${SITE}api/*`)]);
  });
});

test.describe("detaching", () => {
  test("ends the question, the waiting requests, the channel, the lock, every listener and every timer", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser);
    const { outcome } = await ask(tab);
    void tab.question.popup();
    tab.interaction.forgive();
    tab.stopped.abort();

    expect(await outcome).toBe("interaction_disabled");
    await flush();
    expect(tab.question.signal.aborted).toBe(true);
    expect(tab.popups.at(-1)?.settled.aborted).toBe(true);
    expect([
      browser.channels.size,
      browser.held.size,
      tab.visibilityListeners.size,
      browser.clock.timers,
    ]).toEqual([0, 0, 0, 0]);
  });

  test("ends the silent try of a tab that waited, with its timer", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser);
    const { outcome } = await ask(tab);
    tab.acquireSilent = () => new Promise(() => undefined);
    browser.deliver(appOf(browser), { version: 1, type: "acted" });
    await flush();
    expect(browser.clock.timers).toBe(1);
    tab.stopped.abort();

    expect(await outcome).toBe("interaction_disabled");
    await flush();
    expect(browser.clock.timers).toBe(0);
  });

  test("is final: later requests, sign-ins and news have no effect", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser);
    tab.stopped.abort();
    tab.interaction.forgive();

    expect(await need(tab).outcome).toBe("interaction_disabled");
    await expect(tab.interaction.signIn()).rejects.toMatchObject({ code: "interaction_disabled" });
    expect([tab.acted, browser.clock.timers, browser.sent.length]).toEqual([0, 0, 0]);
  });

  test("a page that detached before its interaction was made opens nothing", async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser, { stopped: AbortSignal.abort() });

    expect(await need(tab).outcome).toBe("interaction_disabled");
    expect([browser.channels.size, tab.visibilityListeners.size]).toEqual([0, 0]);
  });

  test("a page that attaches again asks as if it were new", async () => {
    const browser = new FakeBrowser();
    const before = new FakeTab(browser);
    await ask(before);
    before.stopped.abort();
    const after = new FakeTab(browser);
    const { outcome } = await ask(after);
    void after.question.popup();
    after.signInByPopup();

    expect(await outcome).toBe("token of ada");
    expect(browser.channels.size).toBe(1);
  });
});

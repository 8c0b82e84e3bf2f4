import { expect, test } from "@playwright/test";
import { InMemoryWebStorage, User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { requestFor } from "./fake-tabs.ts";
import { settle } from "./manual-clock.ts";
import { loaded, withGlobals } from "./with-globals.ts";

const { oidcClientTokenSource } = await loaded(() => import("../../integrations/oidc-client-ts.ts"));

const userOf = (sub: string): User =>
  ({
    access_token: `token of ${sub}`,
    expires_at: 4_000_000_000,
    token_type: "Bearer",
    scopes: ["openid", "Orders.Read"],
    profile: { sub },
    expired: false,
  }) as unknown as User;

/** A `UserManager` whose store tabs share. */
class FakeUsers {
  readonly settings = {
    authority: "https://login.example.com",
    client_id: "shop",
    scope: "openid",
    redirect_uri: "https://shop.example/callback",
  };
  stored: User | null = userOf("ada");
  readonly loaded = new Set<(user: User) => void>();
  readonly unloaded = new Set<() => void>();
  readonly events = {
    addUserLoaded: (listener: (user: User) => void) => {
      this.loaded.add(listener);
      return () => this.loaded.delete(listener);
    },
    addUserUnloaded: (listener: () => void) => {
      this.unloaded.add(listener);
      return () => this.unloaded.delete(listener);
    },
  };

  getUser = (): Promise<User | null> => Promise.resolve(this.stored);
  /** Leaves the page. The test replaces it. */
  signinRedirect = (): Promise<void> => Promise.resolve();
  load(user: User): void {
    this.stored = user;
    for (const listener of this.loaded) listener(user);
  }
  signinSilent = async (): Promise<User> => {
    await Promise.resolve();
    const user = userOf("ada");
    this.load(user);
    return user;
  };
}

/** The locks of a browser. Each waits for those before it. */
function lockManager() {
  const last = new Map<string, Promise<unknown>>();
  return {
    request: <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
      const turn = (last.get(name) ?? Promise.resolve()).then(work);
      last.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** Runs `work` in a page with a source, and notes what it says of its user. */
async function inPage(
  work: (page: {
    users: FakeUsers;
    source: ReturnType<typeof oidcClientTokenSource>;
    said: string[];
    /** Another tab changes an item of a storage. */
    readonly change: (key: string | null) => void;
    /** The browser raises an event of the window. */
    readonly raise: (type: string) => void;
  }) => Promise<void>,
): Promise<void> {
  const target = new EventTarget();
  const globals = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    navigator: { locks: lockManager() },
    location: new URL("https://shop.example/orders"),
  };
  await withGlobals(globals, async () => {
    const users = new FakeUsers();
    const source = oidcClientTokenSource(users as unknown as UserManager);
    await source.ready();
    const said: string[] = [];
    const stop = source.subscribe((change) => said.push(change));
    const change = (key: string | null): void =>
      void target.dispatchEvent(Object.assign(new Event("storage"), { key }));
    const raise = (type: string): void => void target.dispatchEvent(new Event(type));
    await work({ users, source, said, change, raise });
    stop();
    expect([users.loaded.size, users.unloaded.size]).toEqual([1, 1]);
  });
}

test("a renewal without the user is no sign-in, neither ours nor the library's own", async () => {
  await inPage(async ({ users, source, said }) => {
    await source.acquireSilent({ ...requestFor(), forceRefresh: true });
    await users.signinSilent();
    expect(said).toEqual(["account", "account"]);
    users.load(userOf("ada"));
    expect(said).toEqual(["account", "account", "interaction"]);
  });
});

test("a user who signs out or in in another tab does so here, where the tabs share a store", async () => {
  await inPage(async ({ users, source, said, change }) => {
    for (const [user, key] of [
      [null, "oidc.user:https://login.example.com:shop"],
      [userOf("alan"), "oidc.user:https://login.example.com:shop"],
      [null, null],
    ] as const) {
      users.stored = user;
      change(key);
      await expect.poll(() => source.account()).toBe(user?.profile.sub ?? null);
    }
    change("something of the site");
    expect(said).toEqual(["account", "account", "account"]);
  });
});

test("a redirect settles once the page begins to leave, since the library's own promise has no end where the user stays", async () => {
  await inPage(async ({ users, source, raise }) => {
    users.signinRedirect = () => new Promise(() => undefined);
    for (const event of ["beforeunload", "pagehide"]) {
      const settled = new AbortController();
      let result: unknown = "pending";
      const leaving = source
        .acquireInteractive(requestFor(), "redirect", settled.signal, () => undefined)
        .then((given) => (result = given));
      await settle();
      expect(result).toBe("pending");
      raise(event);
      await leaving;
      expect(result).toBeNull();
      settled.abort();
    }
  });
});

test("a redirect that fails before the page leaves is an error", async () => {
  await inPage(async ({ users, source }) => {
    users.signinRedirect = () => Promise.reject(new Error("The provider has no metadata."));
    const { signal } = new AbortController();
    const leaving = source.acquireInteractive(requestFor(), "redirect", signal, () => undefined);
    await expect(leaving).rejects.toThrow("The provider has no metadata.");
  });
});

/** A provider that rotates refresh tokens, and refuses one that comes twice. */
class RotatingProvider {
  /** The refresh tokens that it has received. */
  readonly received: string[] = [];
  #current = "refresh token 0";

  fetch = async (_url: string, { body }: { readonly body: URLSearchParams }): Promise<Response> => {
    const given = body.get("refresh_token") ?? "";
    this.received.push(given);
    await settle();
    const isCurrent = given === this.#current;
    const number = this.received.length;
    this.#current = isCurrent ? `refresh token ${number}` : "none";
    const answer = isCurrent
      ? {
          access_token: `token ${number}`,
          refresh_token: this.#current,
          token_type: "Bearer",
          expires_in: 300,
          scope: "openid a b",
        }
      : { error: "invalid_grant" };
    return Response.json(answer, { status: isCurrent ? 200 : 400 });
  };
}

/** Runs `work` with sources of several tabs, which share a store with a user whose token has ended. */
async function inTabs(
  work: (tabs: {
    readonly provider: RotatingProvider;
    /** @param first a listener of the site that hears of users before the source does */
    readonly open: (first?: () => Promise<void>) => Promise<{
      readonly users: UserManager;
      readonly token: (...scopes: string[]) => Promise<string>;
    }>;
  }) => Promise<void>,
): Promise<void> {
  const provider = new RotatingProvider();
  const target = new EventTarget();
  const globals = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
    navigator: { locks: lockManager() },
    fetch: provider.fetch,
  };
  const closing: (() => void)[] = [];
  const store = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const open = async (first: () => Promise<void> = () => Promise.resolve()) => {
    const authority = "https://login.example.com";
    const users = new UserManager({
      authority,
      client_id: "shop",
      redirect_uri: "https://shop.example/callback",
      scope: "openid a b",
      userStore: store,
      stateStore: store,
      automaticSilentRenew: false,
      metadata: {
        issuer: authority,
        token_endpoint: `${authority}/token`,
        authorization_endpoint: `${authority}/authorize`,
      },
    });
    users.events.addUserLoaded(first);
    const source = oidcClientTokenSource(users);
    await source.ready();
    closing.push(source.subscribe(() => undefined));
    const token = async (...scopes: string[]): Promise<string> =>
      (await source.acquireSilent(requestFor("https://shop.example/api", scopes))).accessToken;
    return { users, token };
  };
  await withGlobals(globals, async () => {
    const ended = {
      access_token: "token 0",
      refresh_token: "refresh token 0",
      token_type: "Bearer",
      scope: "openid a b",
      profile: { sub: "ada", iss: "", aud: "", exp: 0, iat: 0 },
      expires_at: 1_000_000_000,
    };
    await store.set("user:https://login.example.com:shop", new User(ended).toStorageString());
    await work({ provider, open });
    for (const close of closing) close();
  });
}

test("requests for two sets of scopes, and the library's own renewal, send a refresh token once", async () => {
  await inTabs(async ({ provider, open }) => {
    const { users, token } = await open();
    const tokens = await Promise.all([
      token("a"),
      token("b"),
      users.signinSilent().then((user) => user?.access_token),
    ]);
    expect(tokens).toEqual(["token 1", "token 1", "token 1"]);
    expect(provider.received).toEqual(["refresh token 0"]);
  });
});

test("a second tab takes the token that the first one has renewed, and tells its site of it", async () => {
  await inTabs(async ({ provider, open }) => {
    const [first, second] = [await open(), await open()];
    const loaded: string[] = [];
    second.users.events.addUserLoaded(({ access_token }) => void loaded.push(access_token));
    expect(await Promise.all([first.token("a"), second.token("b")])).toEqual(["token 1", "token 1"]);
    expect(provider.received).toEqual(["refresh token 0"]);
    expect(loaded).toEqual(["token 1"]);
  });
});

test("a listener of the site that waits for a request of its own does not hold the renewal up", async () => {
  await inTabs(async ({ provider, open }) => {
    const got: string[] = [];
    const { token } = await open(async () => void got.push(await token("b")));
    expect(await token("a")).toBe("token 1");
    expect(got).toEqual(["token 1"]);
    expect(provider.received).toHaveLength(1);
  });
});

test("a renewal that the site asks for goes to the provider, also right after another", async () => {
  await inTabs(async ({ provider, open }) => {
    const { users, token } = await open();
    await token("a");
    expect((await users.signinSilent())?.access_token).toBe("token 2");
    const extraTokenParams = { audience: "orders" };
    const both = [users.signinSilent({ extraTokenParams }), users.signinSilent({ extraTokenParams })];
    expect((await Promise.all(both)).map((user) => user?.access_token)).toEqual(["token 3", "token 4"]);
    expect(provider.received).toEqual([0, 1, 2, 3].map((number) => `refresh token ${number}`));
  });
});

import { expect, test } from "@playwright/test";
import type { User, UserManager } from "oidc-client-ts";
import { requestFor } from "./fake-tabs.ts";
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

/** Runs `work` in a page with a source, and notes what it says of its user. */
async function inPage(
  work: (page: {
    users: FakeUsers;
    source: ReturnType<typeof oidcClientTokenSource>;
    said: string[];
    /** Another tab changes an item of a storage. */
    readonly change: (key: string | null) => void;
  }) => Promise<void>,
): Promise<void> {
  const target = new EventTarget();
  const globals = {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  await withGlobals(globals, async () => {
    const users = new FakeUsers();
    const source = oidcClientTokenSource(users as unknown as UserManager);
    await source.ready();
    const said: string[] = [];
    const stop = source.subscribe((change) => said.push(change));
    const change = (key: string | null): void =>
      void target.dispatchEvent(Object.assign(new Event("storage"), { key }));
    await work({ users, source, said, change });
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

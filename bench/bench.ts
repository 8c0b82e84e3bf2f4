import type { Chromium } from "./chromium.ts";
import type { BenchSite } from "./bench-site.ts";
import type { Subject } from "./subjects/subject.ts";
import type { Tab } from "./tab.ts";

/** The account that signs in. */
const ACCOUNT = "ada@contoso.example";

/** The equipment of the cases: the servers, and a browser with a tab for each subject, each in its own profile. */
export class Bench {
  readonly chromium: Chromium;
  readonly site: BenchSite;
  readonly #subjects: readonly Subject[];
  readonly #tabs = new Map<string, Promise<Tab>>();
  #token: Promise<string> | undefined;

  constructor(chromium: Chromium, site: BenchSite, subjects: readonly Subject[]) {
    this.chromium = chromium;
    this.site = site;
    this.#subjects = subjects;
  }

  /** The subject's own tab, ready to send requests. */
  tab(name: string): Promise<Tab> {
    let tab = this.#tabs.get(name);
    if (!tab) {
      tab = this.openTab(name);
      this.#tabs.set(name, tab);
    }
    return tab;
  }

  /** Opens another tab of a subject, in a new profile if none is given. */
  async openTab(name: string, profile?: string, query?: string): Promise<Tab> {
    const tab = await this.chromium.open(profile);
    await this.load(tab, name, query);
    return tab;
  }

  /** Loads a subject's page, and signs in if the profile has not signed in yet. */
  async load(tab: Tab, name: string, query = ""): Promise<void> {
    const token = await this.#validToken();
    const subject = this.subject(name);
    await tab.goto(this.site.pageOf(subject) + query);
    await signIn(tab);
    await tab.waitFor("globalThis.ready && document.readyState === 'complete'");
    await tab.run(`ready(${JSON.stringify(token)})`);
  }

  /** The subject's page as it starts by itself, with one request. */
  startPageOf(name: string): string {
    return `${this.site.pageOf(this.subject(name))}?start=${encodeURIComponent(this.urlFor(name))}`;
  }

  /** The page that matches URLs. */
  matchers(): Promise<Tab> {
    let tab = this.#tabs.get("matchers");
    if (!tab) {
      tab = this.chromium.open().then(async (opened) => {
        await opened.goto(this.site.matchersPage);
        await opened.waitFor("globalThis.timeMatcher");
        return opened;
      });
      this.#tabs.set("matchers", tab);
    }
    return tab;
  }

  subject(name: string): Subject {
    const subject = this.#subjects.find((other) => other.name === name);
    if (!subject) throw new Error(`There is no subject "${name}".`);
    return subject;
  }

  /** The URL for a subject's requests: a protected resource if the subject attaches tokens. */
  urlFor(name: string, query = ""): string {
    return `/${this.subject(name).attaches ? "api" : "open"}/orders?by=${name}${query}`;
  }

  /** @throws Error unless the API received exactly `count` requests of the subject since the last call, all with (or all without) a token */
  expectRequests(name: string, count: number, isAuthorized = this.subject(name).attaches): void {
    const { admitted, bare, refused } = this.site.api.take(name);
    if ((isAuthorized ? admitted : bare) === count && admitted + bare + refused === count) return;
    const expected = `${count} ${isAuthorized ? "with" : "without"} a token`;
    throw new Error(
      `${name}: expected ${expected}, the API got ${admitted} with, ${bare} without, ${refused} with a wrong one`,
    );
  }

  /** A token that the provider has issued to a page, for subjects that cannot ask for one. */
  #validToken(): Promise<string> {
    this.#token ??= (async () => {
      const subject = this.#subjects.find(({ usesMsal }) => usesMsal);
      if (!subject) throw new Error("No subject signs in, so there is no token for the others.");
      const tab = await this.chromium.open();
      await tab.goto(this.site.pageOf(subject));
      await signIn(tab);
      const token = await tab.run<string>("acquire()");
      await tab.close();
      this.site.publish(token);
      return token;
    })();
    return this.#token;
  }
}

/** Signs in by redirect. The provider asks for the account once per profile. */
async function signIn(tab: Tab): Promise<void> {
  await tab.waitFor("globalThis.signedIn && document.readyState === 'complete'");
  if (await tab.run<boolean>("signedIn")) return;
  await tab.run("void signIn()");
  await tab.waitFor(`(() => {
    const account = document.querySelector('[data-account="${ACCOUNT}"]');
    account?.click();
    return account || globalThis.signedIn;
  })()`);
  await tab.waitFor("globalThis.signedIn");
}

import {
  type AccountInfo,
  type AuthenticationResult,
  type BrowserAuthOptions,
  type IPublicClientApplication,
  PublicClientApplication,
} from "@azure/msal-browser";
import { expect, test } from "@playwright/test";
import { acquireByPopup, acquireByRedirect } from "../../page/msal/interactive.ts";
import type { RedirectReturn } from "../../page/msal/redirect.ts";
import type { MsalOptions } from "../../page/msal/options.ts";
import { extendRequest } from "../../page/msal/request.ts";
import { msalTokenSource } from "../../page/msal/token-source.ts";
import { type AttachOptions, readOptions } from "../../page/options.ts";
import { protectedEntries } from "../../page/protected-entries.ts";
import type { TokenRequest } from "../../page/token-source.ts";
import { registrationError } from "../../page/worker/registration-error.ts";
import { BearerWorkerError, type BearerWorkerErrorCode } from "../../protocol/errors.ts";
import { parseResourceKey } from "../../protocol/resource-key.ts";
import { type ProtectedResourceValue, resolveResourceMap } from "../../protocol/resource-map.ts";
import { FakeBrowser, FakeTab, flush, requestFor, SITE } from "./fake-tabs.ts";
import { ManualClock } from "./manual-clock.ts";
import { hidesSubject } from "./sentences.ts";
import { INTERACTION_TIMEOUT, TokenPage } from "./token-page.ts";
import { loaded, withGlobals } from "./with-globals.ts";

/** Brings an error about: throws, rejects, or gives the error. */
type Provoke = () => unknown;

/** A situation, with the error's code and the whole message but its last line, which links to the documentation. */
type Row = readonly [situation: string, code: BearerWorkerErrorCode, message: string, provoke: Provoke];

const BASE = "https://shop.example/cart?session=secret#secret";

// Protected resources.

const key =
  (text: string): Provoke =>
  () =>
    parseResourceKey(text, BASE);
const value =
  (given: unknown): Provoke =>
  () =>
    resolveResourceMap({ "/api/*?code=secret": given as ProtectedResourceValue }, BASE);

const VALUE_MESSAGE =
  'The key "https://shop.example/api/*" of the option "protectedResourceMap" has a value that is no list of scopes. Write a list such as ["User.Read"], a list of { httpMethod, scopes, headers }, or null to leave the resource unprotected. The only "tokenType" is "DPoP".';

const circular: unknown[] = [];
circular.push(circular);

const protectedResources: Row[] = [
  [
    "an empty key",
    "invalid_resource_map",
    'The key "" of the option "protectedResourceMap" is empty. Write a path such as "/api/*", or a URL such as "https://api.example.com/*".',
    key(""),
  ],
  [
    "a key of blanks",
    "invalid_resource_map",
    'The key "  " of the option "protectedResourceMap" is empty. Write a path such as "/api/*", or a URL such as "https://api.example.com/*".',
    key("  "),
  ],
  [
    "a key with a bare percent sign",
    "invalid_resource_map",
    'The key "/api/100%" of the option "protectedResourceMap" has a "%" that encodes no character. Write "%25" for a percent sign, as in "/api/100%25".',
    key("/api/100%"),
  ],
  [
    "a key with a star in its scheme",
    "invalid_resource_map",
    'The key "http*://api.example.com/*" of the option "protectedResourceMap" has a "*" in its scheme. Write "https:", as in "https://api.example.com/*"; a "*" may stand in the host, the path, the query and the fragment.',
    key("http*://api.example.com/*"),
  ],
  [
    "a key that is not a URL",
    "invalid_resource_map",
    'The key "https://api.example.com:port/*" of the option "protectedResourceMap" is not a URL. Write a path such as "/api/*", or a URL such as "https://api.example.com/*".',
    key("https://api.example.com:port/*?code=secret"),
  ],
  [
    "a key with plain http",
    "invalid_resource_map",
    'The key "http://api.example.com/*" of the option "protectedResourceMap" is not an https URL. Write one such as "https://api.example.com/*"; plain http works for localhost only.',
    key("http://api.example.com/*#secret"),
  ],
  [
    "a key with a WebSocket's scheme",
    "invalid_resource_map",
    'The key "wss://api.example.com/*" of the option "protectedResourceMap" is not an https URL. Write one such as "https://api.example.com/*"; plain http works for localhost only.',
    key("wss://api.example.com/*"),
  ],
  [
    "a key with a password",
    "invalid_resource_map",
    'The key "https://api.example.com/*" of the option "protectedResourceMap" holds a user name or a password. Write it without them, as in "https://api.example.com/*".',
    key("https://user:secret@api.example.com/*"),
  ],
  [
    "a key whose star reaches strangers",
    "invalid_resource_map",
    'The key "https://api.example.com*" of the option "protectedResourceMap" has a "*" that reaches hosts of strangers. Write a host that ends in two labels without "*", as in "https://*.example.com/*".',
    key("https://api.example.com*"),
  ],
  [
    "a key of the identity provider",
    "invalid_resource_map",
    'The option "protectedResourceMap" names https://login.example, which is the identity provider. Remove that key: the provider never gets a token.',
    () =>
      protectedEntries(
        { "https://login.example/token?code=secret": ["openid"] },
        { providerOrigins: ["https://login.example"], redirectPages: [] },
        null,
        BASE,
      ),
  ],
  [
    "a provider's origin without a scheme",
    "invalid_options",
    'The token source\'s option "providerOrigins" names "login.example", which is no URL. Write the origin with its scheme, as in "https://login.example.com".',
    () =>
      protectedEntries(
        { "/api/*": ["read"] },
        { providerOrigins: ["login.example"], redirectPages: [] },
        null,
        BASE,
      ),
  ],
  [
    "a provider's host and port without a scheme",
    "invalid_options",
    'The token source\'s option "providerOrigins" names "login.example:443", which is no URL. Write the origin with its scheme, as in "https://login.example.com".',
    () =>
      protectedEntries(
        { "/api/*": ["read"] },
        { providerOrigins: ["login.example:443"], redirectPages: [] },
        null,
        BASE,
      ),
  ],
  ...(
    [
      ["a scope in place of a list", "User.Read"],
      ["undefined", undefined],
      ["a function", () => ["User.Read"]],
      ["a number that JSON cannot hold", 1n],
      ["a list that contains itself", circular],
      ["an object", {}],
      ["an empty scope", [""]],
      ["two scopes in one", ["User.Read Mail.Read"]],
      ["a scope with a quotation mark", ['User"Read']],
      ["a list in a list", [["User.Read"]]],
      ["a method without scopes", [{ httpMethod: "GET" }]],
      ["a type of token that there is none of", [{ scopes: ["User.Read"], tokenType: "pop" }]],
      ["an object without scopes", { httpMethod: "GET" }],
      ["headers that are a list", [{ scopes: ["User.Read"], headers: [["x-ms-version"]] }]],
      ["a method whose scopes are no list", [{ httpMethod: "GET", scopes: "User.Read" }]],
    ] as const
  ).map(([kind, given]): Row => [
    `the value of a key that is ${kind}`,
    "invalid_resource_map",
    VALUE_MESSAGE,
    value(given),
  ]),
  [
    "a header that would change the method",
    "invalid_resource_map",
    'The header "X-HTTP-Method-Override" of the key "https://shop.example/api/*" in the option "protectedResourceMap" cannot be set by a map. Write a header of the API\'s own, such as "x-ms-version".',
    value({ scopes: ["User.Read"], headers: { "X-HTTP-Method-Override": "secret" } }),
  ],
  [
    "a header with a line break",
    "invalid_resource_map",
    'The header "x-ms-version" of the key "https://shop.example/api/*" in the option "protectedResourceMap" has a value that cannot be sent. Write printable ASCII without blanks at its ends, such as "2025-01-05".',
    value({ scopes: ["User.Read"], headers: { "x-ms-version": "secret\r\n" } }),
  ],
];

// Options.

const MAP = { "/api/*": ["read"] };
const option =
  (name: string, given: unknown): Provoke =>
  () =>
    readOptions({ protectedResourceMap: MAP, [name]: given } as AttachOptions);

const options: Row[] = [
  [
    "a map that is missing",
    "invalid_options",
    'The option "protectedResourceMap" is undefined. It has to be an object or a Map of resources and their scopes.',
    () => readOptions({} as AttachOptions),
  ],
  [
    "options that are missing",
    "invalid_options",
    'The option "protectedResourceMap" is undefined. It has to be an object or a Map of resources and their scopes.',
    () => readOptions(undefined as unknown as AttachOptions),
  ],
  [
    "a map that is a text",
    "invalid_options",
    'The option "protectedResourceMap" is a string. It has to be an object or a Map of resources and their scopes.',
    option("protectedResourceMap", "/api/*?code=secret"),
  ],
  [
    "a worker that is neither script nor registration",
    "invalid_options",
    'The option "serviceWorker" is an object of another kind. It has to be the URL of a script, a ServiceWorkerRegistration or a promise of one.',
    option("serviceWorker", {}),
  ],
  [
    "a scope that is a number",
    "invalid_options",
    'The option "scope" is 7. It has to be a URL.',
    option("scope", 7),
  ],
  [
    "an unknown interaction",
    "invalid_options",
    'The option "interaction" is "dialog". It has to be one of "prompt", "popup", "redirect", "none", or a function.',
    option("interaction", "dialog"),
  ],
  [
    "an unknown fallback",
    "invalid_options",
    'The option "fallback" is true. It has to be one of "none", "fetch".',
    option("fallback", true),
  ],
  [
    "a dialog that is null",
    "invalid_options",
    'The option "dialog" is null. It has to be an object with texts or a function that gives one.',
    option("dialog", null),
  ],
  [
    "navigations that are a text",
    "invalid_options",
    'The option "navigations" is "yes". It has to be true or false.',
    option("navigations", "yes"),
  ],
  [
    "an unknown way of visitors",
    "invalid_options",
    'The option "whenSignedOut" is "". It has to be one of "bare", "sso", "interact".',
    option("whenSignedOut", ""),
  ],
  [
    "a timeout that no timer can hold",
    "invalid_options",
    'The option "interactionTimeout" is Infinity. It has to be a number of milliseconds between 1 and 2147423647.',
    option("interactionTimeout", Infinity),
  ],
  [
    "a timeout that is no number",
    "invalid_options",
    'The option "interactionTimeout" is NaN. It has to be a number of milliseconds between 1 and 2147423647.',
    option("interactionTimeout", NaN),
  ],
  [
    "fields for MSAL that are a long text",
    "invalid_options",
    'The option "authRequest" is a string. It has to be an object with fields for MSAL\'s requests or a function that gives one.',
    option("authRequest", "login_hint=secret"),
  ],
  [
    "an account in place of a function",
    "invalid_options",
    'The option "account" is an object of another kind. It has to be a function that gives an MSAL account.',
    option("account", { username: "secret" }),
  ],
  [
    "an option that does not exist",
    "invalid_options",
    'There is no option "resources". The options are protectedResourceMap, serviceWorker, scope, interaction, fallback, dialog, navigations, whenSignedOut, interactionTimeout, authRequest, account.',
    option("resources", {}),
  ],
];

// MSAL.

const REQUEST: TokenRequest = {
  scopes: ["read"],
  url: "https://api.example.com/orders?code=secret",
  method: "GET",
  forceRefresh: false,
  challenge: { claims: '{"access_token":{"secret":null}}' },
  unanswered: 0,
};
const ACCOUNT = { homeAccountId: "secret", tenantId: "secret" } as AccountInfo;

/** An MSAL instance with some methods replaced. */
const msalWith = (
  methods: Partial<IPublicClientApplication> = {},
  auth: Partial<BrowserAuthOptions> = {},
): IPublicClientApplication =>
  Object.assign(new PublicClientApplication({ auth: { clientId: "client", ...auth } }), {
    getActiveAccount: () => ACCOUNT,
    addEventCallback: () => "callback",
    ...methods,
  });

const authRequest =
  (given: unknown): Provoke =>
  () =>
    extendRequest(
      { scopes: ["read"] },
      msalWith(),
      given as NonNullable<MsalOptions["authRequest"]>,
      REQUEST,
      ["https://login.example"],
    );

const silently =
  (methods: Partial<IPublicClientApplication>): Provoke =>
  () =>
    msalTokenSource(msalWith(methods), {}).acquireSilent({ ...REQUEST, challenge: {} });

const SIGNAL = new AbortController().signal;
const MSAL = msalWith();
const redirect = (returned: RedirectReturn): Promise<void> =>
  acquireByRedirect(
    MSAL,
    { scopes: ["read"] },
    () => returned,
    SIGNAL,
    () => undefined,
  );

const NO_OBJECT =
  'The function in the option "authRequest" gave no object. It has to return an object with fields for MSAL\'s request, and no promise.';

const msal: Row[] = [
  [
    "a function for MSAL's request that throws",
    "invalid_options",
    'The function in the option "authRequest" threw an error. See `cause` for it.',
    authRequest(() => {
      throw new Error("secret");
    }),
  ],
  ...(
    [
      ["a promise", Promise.resolve({})],
      ["a text", "secret"],
      ["a list", []],
    ] as const
  ).map(([kind, given]): Row => [
    `a function for MSAL's request that gives ${kind}`,
    "invalid_options",
    NO_OBJECT,
    authRequest(() => given),
  ]),
  [
    "a function for MSAL's request that asks for tokens bound to a key",
    "unsupported_token_type",
    'The function in the option "authRequest" asks for the authentication scheme pop. Only bearer and DPoP tokens can be attached, since other schemes sign with keys that only MSAL and its platform broker have: remove "authenticationScheme".',
    authRequest(() => ({ authenticationScheme: "pop" })),
  ],
  [
    "fields for MSAL's request that ask for tokens bound to a key",
    "invalid_options",
    'The option "authRequest" asks for the authentication scheme pop. Only bearer and DPoP tokens can be attached, since other schemes sign with keys that only MSAL and its platform broker have: remove "authenticationScheme".',
    () => msalTokenSource(msalWith(), { authRequest: { authenticationScheme: "pop" } }),
  ],
  [
    "a function for MSAL's request that names an unknown authority",
    "invalid_options",
    'The function in the option "authRequest" gave an authority on an unknown host. Name the host in "knownAuthorities" of MSAL\'s configuration.',
    authRequest(() => ({ authority: "https://login.example.evil.example/secret" })),
  ],
  [
    "claims that are no JSON",
    "invalid_options",
    'The claims in the option "authRequest" are no JSON. Write the JSON of a claims request.',
    authRequest({ claims: "secret" }),
  ],
  [
    "a provider that wants the user",
    "interaction_required",
    "The identity provider wants the user to act.",
    silently({
      acquireTokenSilent: () =>
        Promise.reject(Object.assign(new Error("secret"), { name: "InteractionRequiredAuthError" })),
    }),
  ],
  [
    "a provider that gives a token bound to a key",
    "unsupported_token_type",
    "The identity provider gave no bearer token for this resource. Ask for a scope of the API, and for no other authentication scheme.",
    silently({
      acquireTokenSilent: () =>
        Promise.resolve({
          accessToken: "secret",
          tokenType: "pop",
          expiresOn: new Date(),
          account: ACCOUNT,
        } as AuthenticationResult),
    }),
  ],
  [
    "a popup that the browser blocks",
    "popup_blocked",
    "The browser blocked the sign-in popup. A popup needs the user's click, or the browser's permission.",
    () =>
      acquireByPopup(
        msalWith({
          acquireTokenPopup: () =>
            Promise.reject(Object.assign(new Error("secret"), { errorCode: "popup_window_error" })),
        }),
        { scopes: ["read"] },
        SIGNAL,
        () => undefined,
      ),
  ],
  [
    "a redirect that came back and changed nothing",
    "interaction_failed",
    "The page has just come back from signing in, and a token still cannot be had. It leaves again once the user clicks.",
    () => withGlobals({ navigator: {} }, () => redirect({ scopes: ["read"], account: ACCOUNT })),
  ],
  [
    "a redirect in an iframe",
    "interaction_failed",
    'An iframe cannot leave for the identity provider. Use the option "interaction" with "popup" there.',
    () => withGlobals({ window: { parent: {} } }, () => redirect(null)),
  ],
];

// The worker's registration.

/** A refused script, as a page under `/shop/` finds out why. */
const refused =
  (
    fetch: () => Promise<Response>,
    { scope = "https://shop.example/", search = "?bearer-worker=1&/api/*=secret" } = {},
  ): Provoke =>
  () =>
    withGlobals({ location: { href: "https://shop.example/shop/cart?code=secret" }, fetch }, () =>
      registrationError(new URL(`https://shop.example/bearer-sw.js${search}`), scope, null, 2_048),
    );
const answering =
  (status: number, type: string | null, redirected = false) =>
  (): Promise<Response> => {
    const response = new Response(null, { status, headers: type === null ? {} : { "Content-Type": type } });
    return Promise.resolve(Object.defineProperty(response, "redirected", { value: redirected }));
  };

const refusedWith = (answer: string): string =>
  `The browser refused the worker's script /bearer-sw.js. The server answers ${answer}. Serve the script as JavaScript from this origin, without a redirect, and allow it in the policy: worker-src 'self', and trusted-types bearer-worker. "npx bearer-worker init <dir>" copies the script; the option "serviceWorker" names another place.`;

/** A worker with our script does not take control. Another one may have it. */
const withoutControl =
  (controller: Partial<ServiceWorker> | null): Provoke =>
  async () => {
    const { controlled } = await loaded(() => import("../../page/worker/control.ts"));
    const clock = new ManualClock();
    const container = Object.assign(new EventTarget(), { controller, ready: new Promise(() => undefined) });
    const script = new URL("https://shop.example/bearer-sw.js?bearer-worker=1&/api/*=secret");
    const control = controlled(container as unknown as ServiceWorkerContainer, script, 20_000, clock);
    await Promise.all([control, clock.advance(20_000)]);
  };

class NoXmlHttpRequest {}

/** Attaches in a browser without service workers. */
async function attachWithout(
  given: Partial<AttachOptions>,
  { ready = Promise.resolve() } = {},
): Promise<unknown> {
  const { attachTokens } = await loaded(() => import("../../page/attach-tokens.ts"));
  const { source } = new TokenPage();
  source.ready = () => ready;
  const page = {
    document: { baseURI: BASE },
    navigator: { onLine: true },
    window: { fetch: globalThis.fetch, XMLHttpRequest: NoXmlHttpRequest },
    XMLHttpRequest: NoXmlHttpRequest,
    // The page's deadlines pass at once.
    setTimeout: (callback: () => void) => setImmediate(callback),
  };
  return await withGlobals(page, () => attachTokens(source, { protectedResourceMap: MAP, ...given }));
}

const worker: Row[] = [
  [
    "a page outside the worker's scope",
    "page_out_of_scope",
    'This page lies outside https://shop.example/admin/, which is all that the worker may control. Serve the worker from a directory above the page, or send the header Service-Worker-Allowed with it and set the option "scope".',
    refused(answering(200, "text/javascript"), { scope: "https://shop.example/admin/?secret" }),
  ],
  [
    "a map that is too large for the worker's URL",
    "resource_map_too_large",
    'The option "protectedResourceMap" takes 3002 characters of the worker\'s URL, and servers allow 2048. Use wildcards, or compile the map into a worker of your own with bearer-worker/sw.',
    refused(answering(200, "text/javascript"), { search: `?/${"x".repeat(3_000)}` }),
  ],
  [
    "a script that is not there",
    "worker_registration_failed",
    `${refusedWith("404 text/html")} In an app below a path, "bearer-sw.js" without a slash counts from <base href>.`,
    refused(answering(404, "text/html")),
  ],
  [
    "a script that is redirected",
    "worker_registration_failed",
    refusedWith("200 text/javascript; charset=utf-8 by a redirect"),
    refused(answering(200, "text/javascript; charset=utf-8", true)),
  ],
  [
    "a script without a type",
    "worker_registration_failed",
    refusedWith("200 without a type"),
    refused(answering(200, null)),
  ],
  [
    "a script whose server does not answer",
    "worker_registration_failed",
    refusedWith("nothing"),
    refused(() => Promise.reject(new TypeError("secret"))),
  ],
  [
    "a worker that does not take control",
    "worker_not_in_control",
    "The worker /bearer-sw.js did not take control of this page in time. Its console may tell why: an error in the worker's script keeps it from starting.",
    withoutControl(null),
  ],
  [
    "a worker whose page is under another worker",
    "worker_not_in_control",
    "The worker /bearer-sw.js did not take control of this page in time. Another worker is in control: /push-sw.js. Give one of the two another scope, or join both in one script.",
    withoutControl({ scriptURL: "https://shop.example/push-sw.js?secret" }),
  ],
  [
    "a page that is under the worker of another package",
    "other_worker",
    'Another worker, /push-sw.js, is registered for this page, and a scope has one worker. Join both in one script and name it in the option "serviceWorker", give one of them another scope, or unregister the other one. The option "fallback": "fetch" attaches tokens in the page instead.',
    async () => {
      const { otherWorkerError } = await loaded(() => import("../../page/worker/other-worker.ts"));
      throw otherWorkerError({ scriptURL: "https://shop.example/push-sw.js?secret" });
    },
  ],
  [
    "a promise of a registration that never comes",
    "worker_registration_failed",
    'The promise in the option "serviceWorker" gave no registration within 10 seconds. "navigator.serviceWorker.ready" waits for ever where nothing registers a worker: register it, or leave the option out where the site has none.',
    async () => {
      const { registrationOfSite } = await loaded(() => import("../../page/worker/site-registration.ts"));
      const clock = new ManualClock();
      const registered = registrationOfSite(new Promise(() => undefined), clock);
      await Promise.all([registered, clock.advance(10_000)]);
    },
  ],
  [
    "a site's own worker that lacks a key",
    "worker_map_incomplete",
    "The site's own worker does not know these keys of the option \"protectedResourceMap\", or knows them with other scopes: https://shop.example/api/*, https://shop.example/report. Give registerTokenRoute the same map, and mind that its relative keys count from the worker's own URL.",
    async () => {
      const { mapIncompleteError } = await loaded(() => import("../../page/worker/worker-loss.ts"));
      throw mapIncompleteError([
        "https://shop.example/api/*",
        "https://shop.example/report?code=secret1",
        "https://shop.example/report?code=secret2#secret",
      ]);
    },
  ],
  [
    "a second source on one page",
    "already_attached",
    "This page is attached with another identity library or MSAL instance already. Use one instance for the whole page, or call detach() of the first attachment.",
    async () => {
      const { attachOnce } = await loaded(() => import("../../page/attached-source.ts"));
      let detach = (): void => undefined;
      void attachOnce({}, (stop) => {
        detach = () => stop.abort();
        return new Promise(() => undefined);
      });
      await attachOnce({}, () => new Promise(() => undefined)).finally(detach);
    },
  ],
  [
    "a browser without service workers",
    "service_worker_unavailable",
    'This page has no service workers. Serve it from https or localhost, leave the private window, allow the site to keep data, or set the option "fallback" to "fetch".',
    () => attachWithout({}),
  ],
  [
    "an identity library that does not get ready",
    "silent_timeout",
    "The identity library did not get ready within 30 seconds. Call attachTokens again to try once more.",
    () => attachWithout({ fallback: "fetch" }, { ready: new Promise(() => undefined) }),
  ],
];

// Tokens and the user.

/** Asks a page for a token. Its answer has no error, so the part that recovers notes it. */
const acquiring =
  (prepare: (page: TokenPage) => void, milliseconds = 0): Provoke =>
  async () => {
    const page = new TokenPage();
    prepare(page);
    let failure: unknown = null;
    const { loadRecovery } = page;
    page.loadRecovery = async () => {
      const recovery = await loadRecovery();
      return {
        ...recovery,
        giveUp(error, ...rest) {
          failure = error;
          return recovery.giveUp(error, ...rest);
        },
      };
    };
    const answer = page.ask();
    await page.clock.advance(milliseconds);
    await answer;
    return failure;
  };

const RESOURCE = `${SITE}api/*`;
/** Asks the user in a tab. */
const asking =
  (act: (tab: FakeTab, browser: FakeBrowser) => void, interaction?: "none"): Provoke =>
  async () => {
    const browser = new FakeBrowser();
    const tab = new FakeTab(browser, interaction ? { interaction } : {});
    const outcome = tab.interaction.run(requestFor(), RESOURCE);
    const failure = outcome.catch((error: unknown) => error);
    await flush();
    act(tab, browser);
    await flush();
    return await failure;
  };

const ASKED_AGAIN =
  "The user is not asked again until they sign in: call `signIn()` of the attachment, or sign in with the identity library.";

const tokens: Row[] = [
  [
    "an identity library that does not answer",
    "silent_timeout",
    "The identity library did not answer within 30 seconds. The next request asks it again.",
    acquiring((page) => {
      page.source.delay = Infinity;
    }, 30_000),
  ],
  [
    "a user who does not act",
    "interaction_timeout",
    'The user did not act in time. The option "interactionTimeout" sets how long a request waits.',
    acquiring((page) => {
      page.source.interactionRequired = true;
      page.interact = () => new Promise(() => undefined);
    }, INTERACTION_TIMEOUT),
  ],
  [
    "a token of another account",
    "interaction_failed",
    "The identity provider gave a token of another account than the one that this page uses. Make the other account the active one, or sign in with this one.",
    acquiring((page) => {
      page.source.answer = () => page.token("secret", "alan");
    }),
  ],
  [
    "a user who may not be asked",
    "interaction_disabled",
    'The user has to sign in again, but the option `interaction` is "none". Sign them in with the identity library.',
    asking(() => undefined, "none"),
  ],
  [
    "a user who declines",
    "interaction_declined",
    `The user declined to sign in. ${ASKED_AGAIN}`,
    asking((tab) => tab.question.decline()),
  ],
  [
    "a user who declines in another tab",
    "interaction_declined",
    `The user declined to sign in, in another tab. ${ASKED_AGAIN}`,
    async () => {
      const browser = new FakeBrowser();
      const [one, other] = [new FakeTab(browser), new FakeTab(browser)];
      const declined = one.interaction.run(requestFor(), RESOURCE).catch(() => undefined);
      await flush();
      const failure = other.interaction.run(requestFor(), RESOURCE).catch((error: unknown) => error);
      await flush();
      one.question.decline();
      await declined;
      return await failure;
    },
  ],
  [
    "a page that detaches",
    "interaction_disabled",
    "The page has detached, so the user is not asked to sign in. Call `attachTokens` again first.",
    asking((tab) => tab.stopped.abort()),
  ],
  [
    "a page that leaves for the provider",
    "redirecting",
    "The page is leaving for the identity provider, so the request ends. Make it again after the user has come back.",
    asking((tab) => {
      tab.question.redirect().catch(() => undefined);
      tab.popups.at(-1)?.resolve(null);
    }),
  ],
  [
    "a redirect that fails",
    "interaction_failed",
    "Signing the user in failed. See `cause` for the reason; `signIn()` of the attachment tries again.",
    asking((tab) => {
      tab.question.redirect().catch(() => undefined);
      tab.popups.at(-1)?.reject(new Error("secret"));
    }),
  ],
];

const errorOf = async (provoke: Provoke): Promise<unknown> => {
  try {
    return await provoke();
  } catch (error) {
    return error;
  }
};

const rows = [...protectedResources, ...options, ...msal, ...worker, ...tokens];

for (const [situation, code, message, provoke] of rows) {
  test(`the message about ${situation} says what happened and what to do`, async () => {
    const error = await errorOf(provoke);
    expect(error).toBeInstanceOf(BearerWorkerError);
    expect(error).toMatchObject({
      name: "BearerWorkerError",
      code,
      message: `${message}\nSee bearer-worker/docs/troubleshooting.md#${code}`,
    });
    expect(message, "a capital at the start and a period at the end").toMatch(/^[A-Z][^]*\.$/);
    for (const text of message.split(/(?<=\.) /)) {
      expect(text, "a full sentence").toMatch(/^["A-Z][^]* .*\.$/);
      expect(hidesSubject({ line: 1, text }), text).toBe(false);
    }
    expect(message, "no secret").not.toMatch(/secret|[?#]/);
    if (/^invalid_|^resource_map/.test(code)) expect(message, "the option").toMatch(/ option "\w+"/);
  });
}

test("every option of the type has a row with a wrong value", () => {
  const [, list = ""] = /The options are (.+)\.$/.exec(options.at(-1)?.[2] ?? "") ?? [];
  for (const name of list.split(", ")) {
    expect(
      options.some(([, , message]) => message.startsWith(`The option "${name}"`)),
      name,
    ).toBe(true);
  }
});

test("an app's mistake keeps the app's own error as its cause", async () => {
  const own = new Error("The app's own.");
  const error = await errorOf(
    authRequest(() => {
      throw own;
    }),
  );
  expect((error as Error).cause).toBe(own);
});

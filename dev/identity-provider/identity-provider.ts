import type { RequestListener } from "node:http";
import Provider, { type KoaContextWithOIDC } from "oidc-provider";
import { breakConnection } from "../break-connection.ts";
import { answerControlRequest, isControlRequest } from "../control-routes.ts";
import { ACCOUNTS, accountByUsername } from "./accounts.ts";
import { answerAtOtherAddresses, otherAuthorities, type OtherAuthorities } from "./authorities.ts";
import { createArtifactStore } from "./artifact-store.ts";
import { createConsents } from "./consents.ts";
import { acceptEntraRequests, giveEntraReplies } from "./entra-dialect.ts";
import { createFaults } from "./faults.ts";
import { stateOf, type Middleware } from "./middleware.ts";
import { providerConfiguration } from "./provider-configuration.ts";
import { providerControl, type ProviderControls } from "./provider-control.ts";
import { DEFAULT_PROVIDER_SETTINGS } from "./provider-settings.ts";
import { createRequestLog } from "./request-log.ts";
import { signInFlow } from "./sign-in-flow.ts";
import { createTenant, msalAuthFor, type MsalAuth } from "./tenant.ts";

/** A real OpenID provider in the role of Microsoft Entra ID, with one tenant and one registered application. */
export interface IdentityProvider extends ProviderControls {
  readonly origin: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly authority: string;
  /** MSAL's `auth` configuration, except for the redirect URI: any page of the site's origin is accepted. */
  readonly msalAuth: MsalAuth;
  readonly otherAuthorities: OtherAuthorities;
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly authorizationUrl: string;
  readonly handle: RequestListener;
}

// oidc-provider reads the URL in a DPoP proof by a function that Node.js 20 lacks.
if (!("parse" in URL)) {
  const parse = (url: string): URL | null =>
    (URL as typeof globalThis.URL).canParse(url) ? new URL(url) : null;
  Object.defineProperty(URL, "parse", { value: parse, configurable: true, writable: true });
}

/** Creates the provider for its own origin and the site's. Only the site may request tokens. */
export async function createIdentityProvider(origin: string, siteOrigin: string): Promise<IdentityProvider> {
  const tenant = createTenant(origin, siteOrigin);
  const settings = { ...DEFAULT_PROVIDER_SETTINGS };
  const store = createArtifactStore();
  const consents = createConsents();
  const faults = createFaults(tenant);
  const log = createRequestLog(tenant);
  const msalAuth = msalAuthFor(tenant);
  let isStopped = false;

  const provider = new Provider(
    tenant.issuer,
    await providerConfiguration(tenant, settings, store, consents),
  );
  acceptRedirectsTo(siteOrigin, provider);
  noteFailures(provider);
  const middleware: Middleware[] = [
    answerAtOtherAddresses(tenant),
    log.middleware,
    faults.middleware,
    acceptEntraRequests(tenant, settings),
    giveEntraReplies(tenant, settings),
    signInFlow(provider, tenant, consents),
  ];
  for (const layer of middleware) provider.use(layer);
  const answer = provider.callback();

  const identityProvider: IdentityProvider = {
    origin,
    tenantId: tenant.id,
    clientId: tenant.clientId,
    authority: msalAuth.authority,
    msalAuth,
    otherAuthorities: otherAuthorities(tenant),
    issuer: tenant.issuer,
    jwksUrl: `${origin}${tenant.routes.jwks}`,
    authorizationUrl: `${origin}${tenant.routes.authorization}`,
    accounts: ACCOUNTS,
    requests: log.requests,
    settings,
    revokeSessions: (username) => store.remove("Session", idOf(username)),
    revokeRefreshTokens: (username) => store.remove("RefreshToken", idOf(username)),
    fault: faults.set,
    clearFaults: faults.clear,
    stop: () => void (isStopped = true),
    start: () => void (isStopped = false),
    reset() {
      Object.assign(settings, DEFAULT_PROVIDER_SETTINGS);
      store.clear();
      consents.clear();
      faults.clear();
      log.clear();
      isStopped = false;
    },
    handle(request, response) {
      if (isControlRequest(request)) answerControlRequest(control, request, response);
      else if (isStopped) breakConnection(request.socket);
      else void answer(request, response);
    },
  };
  const control = providerControl(identityProvider);
  return identityProvider;
}

function idOf(username: string | undefined): string | undefined {
  if (username === undefined) return undefined;
  const account = accountByUsername(username);
  if (!account)
    throw new TypeError(
      `There is no account "${username}". The accounts are ${ACCOUNTS.map((account) => account.username).join(", ")}.`,
    );
  return account.id;
}

/** Accepts every URL of the site's origin as a redirect URI, since tests and demos have pages of their own. */
function acceptRedirectsTo(siteOrigin: string, { Client }: Provider): void {
  const isOnSite = (uri: string) => URL.canParse(uri) && new URL(uri).origin === siteOrigin;
  Client.prototype.redirectUriAllowed = isOnSite;
  Client.prototype.postLogoutRedirectUriAllowed = isOnSite;
}

function noteFailures(provider: Provider): void {
  const note = (ctx: KoaContextWithOIDC, error: Error) => {
    stateOf(ctx).failure = error;
  };
  provider.on("authorization.error", note);
  provider.on("grant.error", note);
  provider.on("end_session.error", note);
  provider.on("server_error", note);
}

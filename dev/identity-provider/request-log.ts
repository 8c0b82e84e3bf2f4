import type { KoaContextWithOIDC } from "oidc-provider";
import { accountById } from "./accounts.ts";
import { ASKED_AT } from "./authorities.ts";
import { redirectTarget, stateOf, type Middleware } from "./middleware.ts";
import type { Tenant } from "./tenant.ts";

type ProviderEndpoint = "authorize" | "token" | "logout" | "jwks" | "discovery";

/** A request to the provider. It never holds codes or tokens. */
export interface ProviderRequest {
  readonly endpoint: ProviderEndpoint;
  /** Time of arrival, in milliseconds of `Date.now()`. */
  readonly at: number;
  /** The path, with the tenant and, for Azure AD B2C, the policy. */
  readonly path: string;
  grantType?: string;
  prompt?: string;
  scope?: string;
  /** The `claims` parameter as it was sent. */
  claims?: string;
  loginHint?: string;
  username?: string;
  /** The app's own parameters: those that neither OAuth, OpenID Connect nor MSAL defines. */
  readonly extra: Record<string, string>;
  /**
   * `"ok"`, an error code, or the kind of fault; `"pending"` until the answer, `"interaction"` while the user has a
   * sign-in page of the request open.
   */
  outcome: string;
}

export interface RequestLog {
  readonly requests: ProviderRequest[];
  /** Adds an entry for each request, and completes the entry with the answer. */
  readonly middleware: Middleware;
  clear(): void;
}

export function createRequestLog(tenant: Tenant): RequestLog {
  const requests: ProviderRequest[] = [];
  /** Entries by the id of the sign-in page shown for them. The request continues after the sign-in. */
  const interacting = new Map<string, ProviderRequest>();

  function enter(endpoint: ProviderEndpoint, ctx: KoaContextWithOIDC): ProviderRequest {
    const path = stateOf(ctx).askedAt ?? String(ctx.query[ASKED_AT] ?? ctx.path);
    const entry: ProviderRequest = { endpoint, at: Date.now(), path, extra: {}, outcome: "pending" };
    describe(entry, ctx.query);
    requests.push(entry);
    return entry;
  }

  function complete(entry: ProviderRequest, ctx: KoaContextWithOIDC): void {
    const { fault } = stateOf(ctx);
    const oidc = ctx.oidc as KoaContextWithOIDC["oidc"] | undefined;
    describe(entry, fault?.form ?? oidc?.body ?? {});
    const username = accountById(oidc?.entities.Account?.accountId)?.username;
    if (username) entry.username = username;

    const interaction = oidc?.entities.Interaction;
    if (interaction && !answersTheSite(ctx, tenant)) interacting.set(interaction.uid, entry);
    entry.outcome = fault?.kind ?? outcomeOf(ctx, tenant);
  }

  return {
    requests,
    async middleware(ctx, next) {
      const resumed = interacting.get(ctx.path.slice(tenant.routes.authorization.length + 1));
      const endpoint = endpointOf(ctx, tenant);
      const entry = resumed ?? (endpoint && enter(endpoint, ctx));
      await next();
      if (entry) complete(entry, ctx);
    },
    clear() {
      requests.length = 0;
      interacting.clear();
    },
  };
}

function endpointOf({ method, path }: KoaContextWithOIDC, tenant: Tenant): ProviderEndpoint | undefined {
  if (method === "POST") return path === tenant.routes.token ? "token" : undefined;
  if (method !== "GET") return undefined;
  switch (path) {
    case tenant.routes.authorization:
      return "authorize";
    case tenant.routes.end_session:
      return "logout";
    case tenant.routes.jwks:
      return "jwks";
    case tenant.discoveryPath:
      return "discovery";
    default:
      return undefined;
  }
}

function describe(entry: ProviderRequest, parameters: Record<string, unknown>): void {
  const text = (name: string) => (typeof parameters[name] === "string" ? parameters[name] : undefined);
  const found = {
    grantType: text("grant_type"),
    prompt: text("prompt"),
    scope: text("scope"),
    claims: text("claims"),
    loginHint: text("login_hint"),
  };
  Object.assign(entry, Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)));
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value === "string" && !OWN_PARAMETERS.test(name)) entry.extra[name] = value;
  }
}

/** The parameters of the protocols and of MSAL. Many of them are secret. */
const OWN_PARAMETERS =
  /^(?:asked_at|claims|clidata|client_id|client_info|code\w*|grant_type|haschrome|id_token_hint|login_hint|logout_hint|nonce|pocd|post_logout_redirect_uri|prompt|redirect_uri|refresh_token|response_mode|response_type|scope|sid|state|x-.*|client-request-id)$/i;

function outcomeOf(ctx: KoaContextWithOIDC, tenant: Tenant): string {
  const { failure } = stateOf(ctx);
  if (failure) return failure.message;
  if (!ctx.path.startsWith(tenant.routes.authorization)) return "ok";
  return answersTheSite(ctx, tenant) ? "ok" : "interaction";
}

function answersTheSite(ctx: KoaContextWithOIDC, { siteOrigin }: Tenant): boolean {
  return redirectTarget(ctx).startsWith(`${siteOrigin}/`);
}

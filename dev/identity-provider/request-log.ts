import type { KoaContextWithOIDC } from "oidc-provider";
import { accountById } from "./accounts.ts";
import { redirectTarget, stateOf, type Middleware } from "./middleware.ts";
import type { Tenant } from "./tenant.ts";

type ProviderEndpoint = "authorize" | "token" | "logout" | "jwks" | "discovery";

/** A request that the provider got. Neither codes nor tokens are ever in it. */
export interface ProviderRequest {
  readonly endpoint: ProviderEndpoint;
  /** When it came, in milliseconds of `Date.now()`. */
  readonly at: number;
  grantType?: string;
  prompt?: string;
  scope?: string;
  /** The `claims` parameter as it was sent. */
  claims?: string;
  loginHint?: string;
  username?: string;
  /**
   * `"ok"`, an error code, or the kind of fault that it met; `"pending"` until it is answered, `"interaction"` while
   * somebody has a sign-in page of it open.
   */
  outcome: string;
}

export interface RequestLog {
  readonly requests: ProviderRequest[];
  /** Enters each request when it comes and completes the entry when it is answered. */
  readonly middleware: Middleware;
  clear(): void;
}

export function createRequestLog(tenant: Tenant): RequestLog {
  const requests: ProviderRequest[] = [];
  /** Entries by the id of the sign-in page that their users see: the request goes on when that is done. */
  const interacting = new Map<string, ProviderRequest>();

  function enter(endpoint: ProviderEndpoint, ctx: KoaContextWithOIDC): ProviderRequest {
    const entry: ProviderRequest = { endpoint, at: Date.now(), outcome: "pending" };
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
}

function outcomeOf(ctx: KoaContextWithOIDC, tenant: Tenant): string {
  const { failure } = stateOf(ctx);
  if (failure) return failure.message;
  if (!ctx.path.startsWith(tenant.routes.authorization)) return "ok";
  return answersTheSite(ctx, tenant) ? "ok" : "interaction";
}

function answersTheSite(ctx: KoaContextWithOIDC, { siteOrigin }: Tenant): boolean {
  return redirectTarget(ctx).startsWith(`${siteOrigin}/`);
}

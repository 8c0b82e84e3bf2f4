import type { KoaContextWithOIDC } from "oidc-provider";

/** A layer around oidc-provider's own. */
export type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<unknown>) => Promise<void>;

/** The facts about one request that the layers share. */
export interface RequestState {
  /** The error that oidc-provider answered with. */
  failure?: Error;
  /** The path that was asked for, if the tenant's own path answers for it. */
  askedAt?: string;
  /** The tenant that tokens are asked of, if it is not the accounts' own. */
  tenantId?: string;
  /** The policy of Azure AD B2C that tokens are asked of. */
  policy?: string;
  /** The fault that the request met instead of the provider. */
  fault?: { readonly kind: string; readonly form: Record<string, string> };
}

export function stateOf(ctx: KoaContextWithOIDC): RequestState {
  return ctx.state as RequestState;
}

/** The URL to which a response redirects; empty when it does not redirect. */
export function redirectTarget(ctx: KoaContextWithOIDC): string {
  const { location } = ctx.response.headers;
  return typeof location === "string" ? location : "";
}

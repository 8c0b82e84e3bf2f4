import type { KoaContextWithOIDC } from "oidc-provider";

/** A layer around oidc-provider's own. */
export type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<unknown>) => Promise<void>;

/** What the layers tell each other about one request. */
export interface RequestState {
  /** What oidc-provider answered with an error for. */
  failure?: Error;
  /** The path that was asked for, where the tenant's own one answers for it. */
  askedAt?: string;
  /** The tenant that tokens are asked of, where it is not the accounts' own. */
  tenantId?: string;
  /** The policy of Azure AD B2C that tokens are asked of. */
  policy?: string;
  /** The fault that the request met instead of the provider. */
  fault?: { readonly kind: string; readonly form: Record<string, string> };
}

export function stateOf(ctx: KoaContextWithOIDC): RequestState {
  return ctx.state as RequestState;
}

/** Where an answer sends the browser; empty when it does not. */
export function redirectTarget(ctx: KoaContextWithOIDC): string {
  const { location } = ctx.response.headers;
  return typeof location === "string" ? location : "";
}

import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTPayload } from "jose";
import type { Certificate } from "../loopback-certificate.ts";
import { trustingFetch } from "../trusting-fetch.ts";

/** The claims of an accepted access token. */
export interface VerifiedToken {
  /** `aud`; several audiences with spaces between them. */
  readonly audience: string;
  readonly username: string;
  readonly name: string;
  /** `tid`: the tenant that issued it. */
  readonly tenantId: string;
  /** The permissions in `scp`. */
  readonly scopes: readonly string[];
  /** The authentication contexts in `acrs`. */
  readonly acrs: readonly string[];
  /** `iat`, in seconds of the Unix epoch. */
  readonly issuedAt: number;
  /** `cnf.jkt`: the thumbprint of the key that a DPoP token is bound to; `null` for a bearer token. */
  readonly boundTo: string | null;
}

type Verification = { readonly token: VerifiedToken } | { readonly refusal: string };

export interface TokenVerifier {
  /** Checks signature, issuer, audience and lifetime, to the second. */
  verify(token: string, audience: string): Promise<Verification>;
  /** Fetches the keys again. */
  loadKeys(): Promise<void>;
}

/** Verifies the tokens of one issuer with the keys that it publishes. */
export function createTokenVerifier(
  issuer: string,
  jwksUrl: string,
  certificate?: Certificate,
): TokenVerifier {
  const keys = createRemoteJWKSet(
    new URL(jwksUrl),
    certificate && { [customFetch]: trustingFetch(certificate) },
  );

  return {
    loadKeys: () => keys.reload(),
    async verify(token, audience) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience,
          clockTolerance: 0,
          algorithms: ["RS256"],
        });
        return { token: tokenOf(payload) };
      } catch (error) {
        if (error instanceof errors.JOSEError) return { refusal: error.message };
        throw error;
      }
    },
  };
}

/**
 * Splits an Authorization header: the scheme in lower case, `"none"` without a header, and the token of the schemes that
 * carry one.
 */
export function readAuthorization(header: string | undefined): { scheme: string; token: string | undefined } {
  if (!header) return { scheme: "none", token: undefined };
  const [scheme = "", credentials] = header.split(" ");
  const hasToken = ["bearer", "dpop"].includes(scheme.toLowerCase());
  return { scheme: scheme.toLowerCase(), token: hasToken ? (credentials ?? "") : undefined };
}

function tokenOf(payload: JWTPayload): VerifiedToken {
  return {
    audience: [payload.aud].flat().join(" "),
    username: String(payload["preferred_username"]),
    name: String(payload["name"]),
    tenantId: String(payload["tid"]),
    scopes: String(payload["scp"]).split(" "),
    acrs: Array.isArray(payload["acrs"]) ? payload["acrs"].map(String) : [],
    issuedAt: payload.iat ?? 0,
    boundTo: (payload["cnf"] as { readonly jkt?: string } | undefined)?.jkt ?? null,
  };
}

import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify, type JWTPayload } from "jose";
import type { ApiSettings } from "./api-settings.ts";

/** A request with a proof, as the API received it. */
export interface ProvenRequest {
  readonly method: string;
  /** Without query and fragment. */
  readonly url: string;
  readonly accessToken: string;
  readonly proof: string | undefined;
}

/** The claims of an accepted proof, for tests to assert on. */
export interface AcceptedProof {
  readonly jti: string;
  readonly nonce: string | null;
}

export type ProofVerification =
  | { readonly accepted: AcceptedProof }
  /** The proof is refused; `error` is the code of RFC 9449. */
  | { readonly error: "invalid_dpop_proof" | "use_dpop_nonce"; readonly reason: string };

export interface ProofVerifier {
  /**
   * Checks signature, key, method, URL, access token, time and nonce, and that the proof has not come before.
   *
   * @param thumbprint of the key that the access token is bound to
   */
  verify(request: ProvenRequest, thumbprint: string): Promise<ProofVerification>;
  /** The nonce that the next proof needs; `null` if the API wants none. */
  nextNonce(): string | null;
  /** The API's time, in milliseconds. */
  now(): number;
  /** Forgets nonces and proofs. */
  reset(): void;
}

/** By how many seconds a proof may be old, or ahead of the API's clock. */
const RECENT = 60;

export function createProofVerifier(settings: ApiSettings): ProofVerifier {
  const seen = new Set<string>();
  let nonce = randomUUID();
  const now = (): number => Date.now() + settings.clockAheadSeconds * 1_000;

  /** @throws Error with the reason */
  async function read(request: ProvenRequest, thumbprint: string): Promise<JWTPayload> {
    const { proof, method, url, accessToken } = request;
    if (proof === undefined) throw new Error("there is no proof");
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: "dpop+jwt",
      algorithms: ["ES256"],
      requiredClaims: ["jti", "htm", "htu", "iat", "ath"],
      // Only times in the proof are checked, and by the API's clock.
      currentDate: new Date(now()),
    });
    const { jwk } = protectedHeader;
    if (!jwk || (await calculateJwkThumbprint(jwk)) !== thumbprint) throw new Error("the key is another one");
    if (payload["htm"] !== method) throw new Error("the method is another one");
    if (payload["htu"] !== url) throw new Error("the URL is another one");
    const hash = createHash("sha256").update(accessToken).digest("base64url");
    if (payload["ath"] !== hash) throw new Error("the access token is another one");
    if (Math.abs(now() / 1_000 - (payload.iat ?? 0)) > RECENT) throw new Error("the proof is not recent");
    return payload;
  }

  return {
    async verify(request, thumbprint) {
      let payload: JWTPayload;
      try {
        payload = await read(request, thumbprint);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const reason = error instanceof errors.JOSEError ? error.code : error.message;
        return { error: "invalid_dpop_proof", reason };
      }
      const given = typeof payload["nonce"] === "string" ? payload["nonce"] : null;
      if (settings.dpopNonces !== "none" && given !== nonce)
        return { error: "use_dpop_nonce", reason: "another nonce is needed" };
      const jti = String(payload.jti);
      if (seen.has(jti)) return { error: "invalid_dpop_proof", reason: "the proof has come before" };
      seen.add(jti);
      if (settings.dpopNonces === "rotating") nonce = randomUUID();
      return { accepted: { jti, nonce: given } };
    },
    nextNonce: () => (settings.dpopNonces === "none" ? null : nonce),
    now,
    reset() {
      seen.clear();
      nonce = randomUUID();
    },
  };
}

/** A request that a proof is for. */
export interface ProofFor {
  readonly method: string;
  readonly url: string;
  readonly accessToken: string;
  /** The newest nonce of the resource server, if it has sent any. */
  readonly nonce: string | null;
  /** The server's time, in milliseconds since the epoch. */
  readonly now: number;
}

/** The encoded header of a public key's proofs, which is the same for all. The export of a key takes longer than a signature. */
const headers = new WeakMap<CryptoKey, Promise<string>>();

/**
 * Signs a proof of possession for one request and its access token. Each proof is different, since a server refuses one that
 * comes twice.
 *
 * @param keys of ECDSA on the curve P-256
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.2
 */
export async function createProof(keys: CryptoKeyPair, request: ProofFor): Promise<string> {
  const header = headers.get(keys.publicKey) ?? encodedHeader(keys.publicKey);
  headers.set(keys.publicKey, header);
  const input = `${await header}.${encodedJson(await claimsOf(request))}`;
  const signature = await crypto.subtle.sign(
    { name: "ECDSA", hash: "SHA-256" },
    keys.privateKey,
    new TextEncoder().encode(input),
  );
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

async function claimsOf({ method, url, accessToken, nonce, now }: ProofFor): Promise<object> {
  const { origin, pathname } = new URL(url);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return {
    jti: crypto.randomUUID(),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(now / 1_000),
    ath: base64url(new Uint8Array(hash)),
    ...(nonce !== null && { nonce }),
  };
}

async function encodedHeader(publicKey: CryptoKey): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return encodedJson({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
}

const encodedJson = (value: object): string => base64url(new TextEncoder().encode(JSON.stringify(value)));

/** @see https://www.rfc-editor.org/rfc/rfc7515#section-2 */
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

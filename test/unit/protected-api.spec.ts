import { createHash, randomUUID } from "node:crypto";
import { expect, test as base } from "@playwright/test";
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { listenOnLoopback } from "../../dev/loopback-listener.ts";
import { createProtectedApi, type ProtectedApi } from "../../dev/protected-api/protected-api.ts";

/*
 * Browser tests assert the tokens that the API accepted, so the API has to refuse all others.
 */

const AUTHORIZATION_URL = "https://provider.example/authorize";

/** A key of the provider, or of a browser for its proofs. */
interface Key {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const makeKey = async (algorithm: "RS256" | "ES256"): Promise<Key> => {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return { privateKey, jwk: await exportJWK(publicKey) };
};

class Provider {
  readonly issuer: string;
  readonly #key: Key;

  constructor(issuer: string, key: Key) {
    this.issuer = issuer;
    this.#key = key;
  }

  /** An access token that the API accepts for reading orders, but for these claims. */
  token(claims: Record<string, unknown> = {}, key: Key = this.#key): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      iss: this.issuer,
      aud: "api://orders",
      scp: "Data.Read Data.Write",
      preferred_username: "ada@contoso.example",
      name: "Ada",
      tid: "a tenant",
      iat: now,
      exp: now + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: "RS256", kid: "the provider's" })
      .sign(key.privateKey);
  }
}

const test = base.extend<
  { api: ProtectedApi; send: Send },
  { served: { api: ProtectedApi; provider: Provider }; provider: Provider }
>({
  served: [
    async ({}, use) => {
      const key = await makeKey("RS256");
      const issuing = await listenOnLoopback(0);
      const keys = [{ ...key.jwk, kid: "the provider's", alg: "RS256", use: "sig" }];
      issuing.serve((_request, response) => {
        response.setHeader("Content-Type", "application/json").end(JSON.stringify({ keys }));
      });
      const { origin: issuer } = issuing;
      const listener = await listenOnLoopback(0);
      const api = createProtectedApi(listener.origin, "http://localhost:1", {
        issuer,
        jwksUrl: `${issuer}/keys`,
        authorizationUrl: AUTHORIZATION_URL,
      });
      listener.serve(api.handle);
      await use({ api, provider: new Provider(issuer, key) });
      await listener.close();
      await issuing.close();
    },
    { scope: "worker" },
  ],
  provider: [({ served }, use) => use(served.provider), { scope: "worker" }],
  api: async ({ served: { api } }, use) => {
    api.reset();
    await use(api);
  },
  send: async ({ api }, use) => {
    await use(async (headers, path = "/api/orders", method = "GET") => {
      const response = await fetch(`${api.origin}${path}`, { method, headers });
      await response.body?.cancel();
      return {
        status: response.status,
        challenge: response.headers.get("WWW-Authenticate"),
        nonce: response.headers.get("DPoP-Nonce"),
      };
    });
  },
});

type Send = (
  headers: Record<string, string>,
  path?: string,
  method?: string,
) => Promise<{ status: number; challenge: string | null; nonce: string | null }>;

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const refused = (description: string, scheme = "Bearer") => ({
  status: 401,
  challenge: `${scheme} realm="", error="invalid_token", error_description="${description}"`,
});

const insufficientClaims = (claims: object): string => {
  const demands = btoa(JSON.stringify({ access_token: claims }));
  return `Bearer realm="", authorization_uri="${AUTHORIZATION_URL}", error="insufficient_claims", claims="${demands}"`;
};

test("the API admits a token of its own, and logs the audience that the token names", async ({
  api,
  provider,
  send,
}) => {
  const aud = ["api://others", "api://orders"];
  expect(await send(bearer(await provider.token()))).toMatchObject({ status: 200, challenge: null });
  expect(await send(bearer(await provider.token({ aud })))).toMatchObject({ status: 200 });

  expect(api.received.map(({ token }) => token?.audience)).toEqual([
    "api://orders",
    "api://others api://orders",
  ]);
});

const past = (): number => Math.floor(Date.now() / 1_000) - 1;

for (const [fault, claims, description] of [
  ["for another API", () => ({ aud: "api://media" }), "unexpected 'aud' claim value"],
  ["for no API", () => ({ aud: undefined }), "missing required 'aud' claim"],
  ["of another issuer", () => ({ iss: "https://evil.example" }), "unexpected 'iss' claim value"],
  ["that has ended", () => ({ exp: past() }), "'exp' claim timestamp check failed"],
  ["that is not valid yet", () => ({ nbf: past() + 60 }), "'nbf' claim timestamp check failed"],
] as const) {
  test(`the API refuses a token ${fault}`, async ({ api, provider, send }) => {
    expect(await send(bearer(await provider.token(claims())))).toMatchObject(refused(description));
    expect(api.received.map(({ token }) => token)).toEqual([null]);
  });
}

test("the API refuses a token that another key has signed, and what is no token", async ({
  provider,
  send,
}) => {
  const forged = await provider.token({}, await makeKey("RS256"));
  expect(await send(bearer(forged))).toMatchObject(refused("signature verification failed"));
  const [header, payload] = (await provider.token()).split(".");
  const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  expect(await send(bearer(unsigned))).toMatchObject(
    refused("'alg' (Algorithm) Header Parameter value not allowed"),
  );
  expect(await send(bearer(`${header}.${payload}`))).toMatchObject(refused("Invalid Compact JWS"));
  expect(await send({ Authorization: "Bearer" })).toMatchObject(refused("Invalid Compact JWS"));
});

test("the challenge to a request without a token has no error code", async ({ api, send }) => {
  expect(await send({})).toMatchObject({ status: 401, challenge: 'Bearer realm=""' });
  expect(await send({ Authorization: "Basic YTpi" })).toMatchObject({
    status: 401,
    challenge: 'Bearer realm=""',
  });
  api.settings.openToAll = true;
  expect(await send({})).toMatchObject({ status: 200 });
});

test("the challenge to a token without the scope names the scope", async ({ provider, send }) => {
  const token = await provider.token({ scp: "Data.ReadAll" });
  expect(await send(bearer(token))).toMatchObject({
    status: 403,
    challenge: 'Bearer realm="", error="insufficient_scope", scope="api://orders/Data.Read"',
  });
  expect(await send(bearer(await provider.token({ scp: "Data.Read" })), "/api/orders", "POST")).toMatchObject(
    {
      status: 403,
      challenge: 'Bearer realm="", error="insufficient_scope", scope="api://orders/Data.Write"',
    },
  );
});

test("the challenge to a revoked token demands a newer one, or says that it is invalid", async ({
  api,
  provider,
  send,
}) => {
  const iat = past();
  const token = await provider.token({ iat });
  api.settings.revokeTokensIssuedBefore = iat + 1;
  const claims = { nbf: { essential: true, value: String(iat + 1) } };
  expect(await send(bearer(token))).toMatchObject({
    status: 401,
    challenge: insufficientClaims(claims),
  });
  api.settings.revocation = "invalid-token";
  expect(await send(bearer(token))).toMatchObject(refused("the token was revoked"));
  expect(await send(bearer(await provider.token({ iat: iat + 1 })))).toMatchObject({ status: 200 });
});

test("the challenge to a token without the authentication context demands it", async ({ provider, send }) => {
  const claims = { acrs: { essential: true, value: "c1" } };
  const path = "/api/orders/approvals";
  expect(await send(bearer(await provider.token({ acrs: ["c2"] })), path)).toMatchObject({
    status: 401,
    challenge: insufficientClaims(claims),
  });
  expect(await send(bearer(await provider.token({ acrs: ["c1"] })), path)).toMatchObject({ status: 200 });
});

test("a setting refuses a path as often as it says, and a request without a header", async ({
  api,
  provider,
  send,
}) => {
  const token = await provider.token();
  api.settings.always401["/api/orders"] = 1;
  expect(await send(bearer(token))).toMatchObject(refused("refused by a setting"));
  api.settings.requiredHeader = "x-version";
  expect(await send(bearer(token))).toMatchObject({ status: 403, challenge: 'Bearer realm=""' });
  expect(await send({ ...bearer(token), "X-Version": "1" })).toMatchObject({ status: 200 });
});

interface Proof {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly key?: Key;
}

/** A token that is bound to a browser's key, and the headers of requests with proofs by that key. */
async function boundTo({ api, provider }: { api: ProtectedApi; provider: Provider }) {
  const own = await makeKey("ES256");
  const token = await provider.token({ cnf: { jkt: await calculateJwkThumbprint(own.jwk) } });
  return {
    token,
    own,
    /** A proof that the API accepts for reading orders, but for these parts. */
    headers: async ({ claims = {}, header = {}, key = own }: Proof = {}) => {
      const proof = await new SignJWT({
        jti: randomUUID(),
        htm: "GET",
        htu: `${api.origin}/api/orders`,
        iat: Math.floor(Date.now() / 1_000),
        ath: hashOf(token),
        ...claims,
      })
        .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: key.jwk, ...header })
        .sign(key.privateKey);
      return { Authorization: `DPoP ${token}`, DPoP: proof };
    },
  };
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("base64url");

const unproven = (reason: string, error = "invalid_dpop_proof") => ({
  status: 401,
  challenge: `DPoP error="${error}", error_description="${reason}", algs="ES256"`,
});

test("the API admits a bound token with a proof, and logs the proof", async ({ api, provider, send }) => {
  const { headers } = await boundTo({ api, provider });

  expect(await send(await headers({ claims: { jti: "one" } }))).toMatchObject({ status: 200, nonce: null });

  expect(api.received.map(({ proof }) => proof)).toEqual([{ jti: "one", nonce: null }]);
});

for (const [fault, claims, reason] of [
  ["for another method", () => ({ htm: "POST" }), "the method is another one"],
  ["for another URL", () => ({ htu: "http://localhost:1/api/orders" }), "the URL is another one"],
  ["for another token", () => ({ ath: hashOf("another token") }), "the access token is another one"],
  ["that is old", () => ({ iat: past() - 61 }), "the proof is not recent"],
  ["from the future", () => ({ iat: past() + 300 }), "the proof is not recent"],
] as const) {
  test(`the API refuses a proof ${fault}`, async ({ api, provider, send }) => {
    const { headers } = await boundTo({ api, provider });
    expect(await send(await headers({ claims: claims() }))).toMatchObject(unproven(reason));
    expect(api.received.map(({ token, proof }) => [token, proof])).toEqual([[null, null]]);
  });
}

test("the API refuses a proof without one of its claims", async ({ api, provider, send }) => {
  const { headers } = await boundTo({ api, provider });
  for (const claim of ["jti", "htm", "htu", "iat", "ath"]) {
    const answer = await send(await headers({ claims: { [claim]: undefined } }));
    expect(answer, claim).toMatchObject(unproven("ERR_JWT_CLAIM_VALIDATION_FAILED"));
  }
});

test("the API refuses a proof that has come before", async ({ api, provider, send }) => {
  const { headers } = await boundTo({ api, provider });
  const proven = await headers({ claims: { jti: "the same" } });
  expect(await send(proven)).toMatchObject({ status: 200 });
  expect(await send(proven)).toMatchObject(unproven("the proof has come before"));
  expect(await send(await headers({ claims: { jti: "the same" } }))).toMatchObject(
    unproven("the proof has come before"),
  );
});

test("the API refuses a proof by another key, by a key that it does not hold, and of another type", async ({
  api,
  provider,
  send,
}) => {
  const { headers, own, token } = await boundTo({ api, provider });
  const other = await makeKey("ES256");
  expect(await send(await headers({ key: other }))).toMatchObject(unproven("the key is another one"));
  expect(await send(await headers({ key: other, header: { jwk: own.jwk } }))).toMatchObject(
    unproven("ERR_JWS_SIGNATURE_VERIFICATION_FAILED"),
  );
  expect(await send(await headers({ header: { typ: "jwt" } }))).toMatchObject(
    unproven("ERR_JWT_CLAIM_VALIDATION_FAILED"),
  );
  expect(await send({ Authorization: `DPoP ${token}` })).toMatchObject(unproven("there is no proof"));
});

test("the API refuses a bound token with the scheme of bearer tokens, and the reverse", async ({
  api,
  provider,
  send,
}) => {
  const { headers, token } = await boundTo({ api, provider });
  expect(await send(bearer(token))).toMatchObject(refused("the scheme is another one"));
  const plain = { ...(await headers()), Authorization: `DPoP ${await provider.token()}` };
  expect(await send(plain)).toMatchObject(refused("the scheme is another one", "DPoP"));
});

for (const nonces of ["same", "rotating"] as const) {
  test(`an API whose nonces are "${nonces}" refuses every other nonce, and gives the next one`, async ({
    api,
    provider,
    send,
  }) => {
    api.settings.dpopNonces = nonces;
    const { headers } = await boundTo({ api, provider });
    const needed = unproven("another nonce is needed", "use_dpop_nonce");

    const first = await send(await headers());
    expect(first).toMatchObject(needed);
    expect(await send(await headers({ claims: { nonce: "stale" } }))).toMatchObject(needed);
    const second = await send(await headers({ claims: { nonce: first.nonce } }));
    expect(second).toMatchObject({ status: 200 });
    expect(second.nonce === first.nonce).toBe(nonces === "same");
    const again = await send(await headers({ claims: { nonce: first.nonce } }));
    expect(again).toMatchObject(nonces === "same" ? { status: 200 } : needed);
  });
}

import { expect, test } from "@playwright/test";
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from "jose";
import { createProof } from "../../pipeline/dpop-proof.ts";

/** The key, the token and the times of RFC 9449, whose examples have the line breaks removed. */
const PUBLIC_KEY = {
  kty: "EC",
  x: "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
  y: "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
  crv: "P-256",
};
const THUMBPRINT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
const TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const HASH_OF_TOKEN = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo";
/** Section 7.1, figure 12: the proof for a protected resource. */
const EXAMPLE =
  "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

const keyPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
const request = {
  method: "GET",
  url: "https://resource.example.org/protectedresource",
  accessToken: TOKEN,
  nonce: null,
  now: 1_562_262_618_000,
};

test("a proof has the claims of the RFC's example, and the hash of its access token", async () => {
  const { jti, ...claims } = decodeJwt(await createProof(await keyPair(), request));
  const { jti: _, ...expected } = decodeJwt(EXAMPLE);
  expect(claims).toEqual(expected);
  expect(claims["ath"]).toBe(HASH_OF_TOKEN);
  expect(jti).toMatch(/^[\da-f-]{36}$/);
});

test("a proof has the header of the RFC's example, with its public key and no more of it", async () => {
  const publicKey = await crypto.subtle.importKey(
    "jwk",
    PUBLIC_KEY,
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["verify"],
  );
  const { privateKey } = await keyPair();
  const header = decodeProtectedHeader(await createProof({ publicKey, privateKey }, request));
  expect(header).toEqual(decodeProtectedHeader(EXAMPLE));
  expect(await calculateJwkThumbprint(header.jwk ?? { kty: "" })).toBe(THUMBPRINT);
});

test("a library accepts the signature, as it accepts that of the RFC's example", async () => {
  const proof = await createProof(await keyPair(), request);
  for (const jwt of [EXAMPLE, proof]) {
    const { payload } = await jwtVerify(jwt, EmbeddedJWK, { typ: "dpop+jwt", algorithms: ["ES256"] });
    expect(payload["ath"]).toBe(HASH_OF_TOKEN);
  }
  const changed = proof.replace(/\.[^.]+\./, `.${btoa('{"htm":"POST"}').replace(/=+$/, "")}.`);
  await expect(jwtVerify(changed, EmbeddedJWK)).rejects.toThrow(/signature/);
});

test("a proof names the URL without its query and fragment, and the port only if it is unusual", async () => {
  const keys = await keyPair();
  for (const [url, htu] of [
    ["https://api.example.com/a/b?token=secret#part", "https://api.example.com/a/b"],
    ["https://API.example.com:443", "https://api.example.com/"],
    ["http://localhost:4282/a%20b/", "http://localhost:4282/a%20b/"],
  ] as const) {
    expect(decodeJwt(await createProof(keys, { ...request, url }))["htu"]).toBe(htu);
  }
});

test("a proof has the server's nonce, and no two proofs are the same", async () => {
  const keys = await keyPair();
  const proofs = await Promise.all(
    Array.from({ length: 20 }, () => createProof(keys, { ...request, nonce: "eyJ7S_zG.eyJH0-Z" })),
  );
  expect(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size).toBe(20);
  expect(decodeJwt(proofs[0] ?? "")["nonce"]).toBe("eyJ7S_zG.eyJH0-Z");
});

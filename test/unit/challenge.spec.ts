import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { readChallenge } from "../../page/acquisition/challenge.ts";
import type { Challenge } from "../../page/token-source.ts";

interface Row {
  readonly id: string;
  readonly status: number;
  readonly header: string | null;
  readonly action: string;
  readonly claims?: string;
  readonly acr_values?: string;
  readonly max_age?: string;
  readonly allow?: readonly string[];
  readonly note?: string;
}

const rows = JSON.parse(
  readFileSync(new URL("conformance/challenges.json", import.meta.url), "utf8"),
) as Row[];

const actionOf = (challenge: Challenge | null): string => {
  if (!challenge) return "none";
  if (challenge.claims !== undefined) return "claims";
  return challenge.acrValues === undefined && challenge.maxAge === undefined ? "refresh" : "stepup";
};

for (const row of rows.filter(({ status, header }) => status === 401 && header !== null)) {
  test(`${row.id} ${row.header} asks for ${row.action}`, () => {
    const challenge = readChallenge(row.header ?? "");
    // The reader drops claims that are not JSON, such as "{".
    if (row.claims === "{") return expect(challenge).toBeNull();
    expect([row.action, ...(row.allow ?? [])]).toContain(actionOf(challenge));
    if (row.claims !== undefined) expect(challenge?.claims).toBe(row.claims);
    if (row.acr_values !== undefined) expect(challenge?.acrValues).toBe(row.acr_values);
    if (row.max_age !== undefined) expect(challenge?.maxAge).toBe(row.max_age);
  });
}

const claims = '{"id_token":{"name":{"value":"Zoë ?>~"}}}';
const base64 = Buffer.from(claims).toString("base64");

for (const [feature, field] of [
  ["names without regard to case", `BEARER Error="invalid_token"`],
  ["unquoted values", `Bearer error=invalid_token`],
  ["unquoted URLs", `Bearer authorization_uri=https://login.example/authorize?a=b, error="invalid_token"`],
  ["unquoted sentences", `Bearer error_description=The token is expired, error="invalid_token"`],
  ["blanks in place of commas", `Bearer authorization_uri=https://login.example/ error=invalid_token`],
  ["blanks around the equals sign", `Bearer error = "invalid_token"`],
  ["quoted pairs", `Bearer realm="a \\"quoted\\" realm, Basic x", error="invalid_token"`],
  [
    "several challenges in one field",
    `Negotiate dG9rZW4=, Basic realm="x", Bearer realm="y", error="invalid_token"`,
  ],
  ["a Bearer challenge before others", `Bearer error="invalid_token", Digest nonce="x", error="other"`],
] as const) {
  test(`a challenge may have ${feature}`, () => {
    expect(readChallenge(field)).toEqual({});
  });
}

for (const [encoding, encoded] of [
  ["base64", base64],
  ["base64url", base64.replaceAll("+", "-").replaceAll("/", "_")],
  ["base64 without padding", base64.replace(/=+$/, "")],
] as const) {
  test(`claims are decoded from ${encoding}`, () => {
    expect(readChallenge(`Bearer error="insufficient_claims", claims="${encoded}"`)).toEqual({ claims });
  });
}

test("claims may come without quotes", () => {
  expect(readChallenge(`Bearer claims=${base64},error=insufficient_claims`)).toEqual({ claims });
});

test("a field of 100,000 characters is read in time that grows with its length alone", () => {
  for (const field of [
    "Bearer x=" + "a ".repeat(50_000) + '="',
    'Bearer x="' + "\\a".repeat(50_000),
    "Bearer x=a" + " ".repeat(100_000) + '"',
    ",".repeat(100_000),
  ]) {
    const start = performance.now();
    readChallenge(field);
    // A quadratic pattern needs minutes.
    expect(performance.now() - start, field.slice(0, 20)).toBeLessThan(5_000);
  }
});

for (const field of [
  "",
  "Bearer",
  'DPoP error="invalid_token"',
  'Basic realm="Bearer error=invalid_token"',
  ",,,",
  '"',
]) {
  test(`"${field}" demands no new token`, () => {
    expect(readChallenge(field)).toBeNull();
  });
}

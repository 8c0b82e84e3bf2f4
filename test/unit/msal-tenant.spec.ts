import { expect, test } from "@playwright/test";
import { type AccountInfo, PublicClientApplication } from "@azure/msal-browser";
import { authorityOfTenant } from "../../page/msal/tenant.ts";

const HOME = "0b6f4c3e-91d7-4a58-8e2c-7d35f0a1b964";
const GUEST = "e90d7c15-3a46-4f8b-b1d2-60c8f4a79e35";
const LOGIN = "https://login.microsoftonline.com";

/** The authority for an account of `tenantId`, after MSAL has completed its configuration. */
const authorityFor = (tenantId: string, authority: string, system = {}): string | undefined =>
  authorityOfTenant(
    { tenantId } as AccountInfo,
    new PublicClientApplication({ auth: { clientId: "c", authority }, system }).getConfiguration(),
  );

for (const tenant of ["common", "organizations", HOME, `${HOME}/`, "contoso.onmicrosoft.com"]) {
  test(`with the authority ${tenant} the token of a guest is that of the guest's tenant`, () => {
    expect(authorityFor(GUEST, `${LOGIN}/${tenant}`)).toBe(`${LOGIN}/${GUEST}`);
  });
}

for (const [name, tenantId, authority, system] of [
  ["the account's tenant is the authority's", HOME, `${LOGIN}/${HOME.toUpperCase()}/`],
  ["the authority is for personal accounts", GUEST, `${LOGIN}/consumers`],
  ["the account names no tenant", "", `${LOGIN}/common`],
  ["another provider has another claim in the tenant's place", "1", "https://idp.example/realm"],
  ["the provider speaks OpenID Connect alone", GUEST, "https://idp.example/realm", { protocolMode: "OIDC" }],
  ["the authority has a policy of B2C", GUEST, "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1"],
  ["the authority is of External ID", GUEST, "https://contoso.ciamlogin.com/contoso.onmicrosoft.com"],
] as const) {
  test(`the configured authority decides where ${name}`, () => {
    expect(authorityFor(tenantId, authority, system)).toBeUndefined();
  });
}

test("MSAL 4 has the protocol in another part of its configuration", () => {
  const { auth, system } = new PublicClientApplication({
    auth: { clientId: "c", authority: "https://idp.example/realm" },
  }).getConfiguration();
  const older = { ...system, protocolMode: undefined };
  for (const [protocolMode, authority] of [
    ["AAD", `https://idp.example/${GUEST}`],
    ["OIDC", undefined],
  ]) {
    const configuration = { auth: { ...auth, protocolMode }, system: older } as unknown as Parameters<
      typeof authorityOfTenant
    >[1];
    expect(authorityOfTenant({ tenantId: GUEST } as AccountInfo, configuration)).toBe(authority);
  }
});

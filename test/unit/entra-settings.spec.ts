import { expect, test } from "@playwright/test";
import { type EntraOptions, readEntraSettings } from "../../dev/entra/entra-settings.ts";

const CLIENT = "11111111-2222-3333-4444-555555555555";
const TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

test("the demo uses no tenant without any of the options", () => {
  expect(readEntraSettings({ tenant: undefined, scope: undefined })).toBeNull();
});

for (const tenant of [TENANT, "contoso.onmicrosoft.com", "contoso.com", "organizations", "common"]) {
  test(`the tenant "${tenant}" signs in at Microsoft's public cloud and reads Graph`, () => {
    expect(readEntraSettings({ tenant, client: CLIENT })).toEqual({
      clientId: CLIENT,
      authority: `https://login.microsoftonline.com/${tenant}`,
      resource: "https://graph.microsoft.com/v1.0/me",
      key: "https://graph.microsoft.com/v1.0/*",
      scopes: ["User.Read"],
    });
  });
}

test("a custom API is protected from the folder of its URL downwards, not on its whole host", () => {
  for (const [api, key] of [
    ["https://api.contoso.com/orders", "https://api.contoso.com/*"],
    ["https://gateway.contoso.com/shop/v1/orders?top=5", "https://gateway.contoso.com/shop/v1/*"],
    ["http://localhost:5000/orders/", "http://localhost:5000/orders/*"],
  ] as const) {
    const settings = readEntraSettings({ tenant: TENANT, client: CLIENT, api, scope: ["api://orders/Read"] });
    expect(settings).toMatchObject({ resource: api, key, scopes: ["api://orders/Read"] });
  }
});

test("scopes are accepted as several options or as one list", () => {
  const api = "https://api.contoso.com/";
  for (const scope of [
    ["api://a/Read", "api://a/Write"],
    ["api://a/Read api://a/Write"],
    ["api://a/Read,api://a/Write"],
  ]) {
    expect(readEntraSettings({ tenant: TENANT, client: CLIENT, api, scope })?.scopes).toEqual([
      "api://a/Read",
      "api://a/Write",
    ]);
  }
});

test("an authority of External ID, B2C or a sovereign cloud replaces the tenant", () => {
  for (const authority of [
    "https://contoso.ciamlogin.com/",
    "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_sign_in",
    `https://login.microsoftonline.us/${TENANT}`,
  ]) {
    const options = {
      authority,
      client: CLIENT,
      api: "https://api.contoso.com/orders",
      scope: ["api://a/Read"],
    };
    expect(readEntraSettings(options)).toMatchObject({ authority });
  }
});

const API = { api: "https://api.contoso.com/orders", scope: ["api://a/Read"] };
for (const [wrong, options, complaint] of [
  ["no client", { tenant: TENANT }, "--client is missing"],
  ["a client that is a name", { tenant: TENANT, client: "my-app" }, "--client takes"],
  ["no tenant", { client: CLIENT }, "--tenant is missing"],
  ["an empty tenant", { tenant: "", client: CLIENT }, "--tenant is missing"],
  ["a tenant that is a URL", { tenant: "https://contoso.com", client: CLIENT }, "--tenant takes"],
  ["a tenant that leads elsewhere", { tenant: "../evil", client: CLIENT }, "--tenant takes"],
  ["an API without a scope", { tenant: TENANT, client: CLIENT, api: API.api }, "belong together"],
  ["a scope without an API", { tenant: TENANT, client: CLIENT, scope: API.scope }, "belong together"],
  [
    "an API without TLS",
    { tenant: TENANT, client: CLIENT, ...API, api: "http://api.contoso.com/" },
    "--api takes",
  ],
  ["an API that is no URL", { tenant: TENANT, client: CLIENT, ...API, api: "/orders" }, "--api takes"],
  [
    "a password in the API's URL",
    { tenant: TENANT, client: CLIENT, ...API, api: "https://a:b@c.com/" },
    "--api takes",
  ],
  [
    "a tenant and an authority",
    { tenant: TENANT, authority: "https://a.b/c", client: CLIENT, ...API },
    "Give one",
  ],
  ["an authority without TLS", { authority: "http://a.b/c", client: CLIENT, ...API }, "--authority takes"],
  ["an authority without an API", { authority: "https://a.b/c", client: CLIENT }, "--authority needs"],
] satisfies [string, EntraOptions, string][]) {
  test(`${wrong} is a TypeError that names the option and the fix`, () => {
    expect(() => readEntraSettings(options)).toThrow(complaint);
    expect(() => readEntraSettings(options)).toThrow(TypeError);
  });
}

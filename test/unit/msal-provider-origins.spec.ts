import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { expect, test } from "@playwright/test";
import { type BrowserAuthOptions, PublicClientApplication } from "@azure/msal-browser";
import { providerOrigins } from "../../page/msal/provider-origins.ts";

/** The identity provider's origins for a configuration, after MSAL has completed it. */
const originsOf = (auth: Partial<BrowserAuthOptions>, requestAuthority?: string): readonly string[] =>
  providerOrigins(
    new PublicClientApplication({ auth: { clientId: "client", ...auth } }).getConfiguration().auth,
    requestAuthority,
  );

test("the identity provider's origins include every cloud host in MSAL's metadata, for any configuration", async () => {
  // MSAL does not export its own list.
  const msalCommon = createRequire(import.meta.resolve("@azure/msal-browser")).resolve(
    "@azure/msal-common/browser",
  );
  const list = new URL("../dist/authority/AuthorityMetadata.mjs", pathToFileURL(msalCommon));
  const { InstanceDiscoveryMetadata } = (await import(list.href)) as {
    InstanceDiscoveryMetadata: { metadata: { aliases: string[]; preferred_network: string }[] };
  };
  const hosts = InstanceDiscoveryMetadata.metadata.flatMap(({ aliases, preferred_network: preferred }) => [
    preferred,
    ...aliases,
  ]);
  expect(hosts.length).toBeGreaterThan(10);

  for (const auth of [
    {},
    { authority: "https://login.example.net/tenant", knownAuthorities: ["login.example.net"] },
  ]) {
    expect(originsOf(auth)).toEqual(expect.arrayContaining(hosts.map((host) => `https://${host}`)));
  }
});

const cases: [kind: string, auth: Partial<BrowserAuthOptions>, origins: string[]][] = [
  [
    "Azure AD B2C with its host as MSAL's documentation writes it",
    {
      authority: "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_sign_in",
      knownAuthorities: ["contoso.b2clogin.com"],
    },
    ["https://contoso.b2clogin.com"],
  ],
  [
    "known authorities with a scheme, a path, a port",
    {
      authority: "https://login.contoso.example/tenant",
      knownAuthorities: [
        "https://login.contoso.example/",
        "https://other.example:8443/x",
        "third.example:8443",
      ],
    },
    ["https://login.contoso.example", "https://other.example:8443", "https://third.example:8443"],
  ],
  ["External ID", { authority: "https://contoso.ciamlogin.com/" }, ["https://contoso.ciamlogin.com"]],
  [
    "endpoints on other hosts than the authority's",
    {
      authority: "https://accounts.example.com",
      knownAuthorities: ["accounts.example.com"],
      authorityMetadata: JSON.stringify({
        issuer: "https://accounts.example.com",
        authorization_endpoint: "https://accounts.example.com/o/oauth2/v2/auth",
        token_endpoint: "https://oauth2.example.net:444/token",
        jwks_uri: "https://keys.example.org/v3/certs",
      }),
    },
    ["https://accounts.example.com", "https://oauth2.example.net:444", "https://keys.example.org"],
  ],
  [
    "aliases in cloud discovery metadata",
    {
      cloudDiscoveryMetadata: JSON.stringify({
        tenant_discovery_endpoint: "https://login.private.cloud/tenant/v2.0/.well-known/openid-configuration",
        metadata: [
          {
            preferred_network: "login.private.cloud",
            preferred_cache: "login.private.cloud",
            aliases: ["login.private.cloud", "sts.private.cloud"],
          },
        ],
      }),
    },
    ["https://login.private.cloud", "https://sts.private.cloud"],
  ],
];
for (const [kind, auth, origins] of cases) {
  test(`the identity provider's origins include ${kind}`, () => {
    expect(originsOf(auth)).toEqual(expect.arrayContaining(origins));
  });
}

test("the identity provider's origins include the authority of the app's own requests", () => {
  expect(originsOf({}, "https://contoso.ciamlogin.com/tenant")).toContain("https://contoso.ciamlogin.com");
});

test("the identity provider's origins exclude Microsoft Graph, which Entra's metadata names for user information", () => {
  const authorityMetadata = JSON.stringify({
    token_endpoint: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
    msgraph_host: "graph.microsoft.com",
  });
  expect(originsOf({ authorityMetadata })).not.toContain("https://graph.microsoft.com");
});

import { expect, test } from "@playwright/test";
import { PublicClientApplication } from "@azure/msal-browser";
import { warnOfMissingCapability } from "../../page/msal/missing-capability.ts";
import { withGlobals } from "./with-globals.ts";

const msalWith = (clientCapabilities?: string[]) =>
  new PublicClientApplication({
    auth: { clientId: "client", ...(clientCapabilities && { clientCapabilities }) },
  });

test("a claims challenge without CP1 is a warning, once, and on localhost alone", async () => {
  const warnings: unknown[] = [];
  const warn = (msal: PublicClientApplication, hostname: string) =>
    withGlobals({ console: { warn: (text: unknown) => warnings.push(text) } }, () =>
      warnOfMissingCapability(msal, { hostname }),
    );

  for (const hostname of [
    "shop.example",
    "localhost.example",
    "notlocalhost",
    "127.0.0.1.example",
    "10.0.0.1",
  ])
    await warn(msalWith(), hostname);
  for (const capable of [["CP1"], ["cp1"], ["other", "CP1"]]) await warn(msalWith(capable), "localhost");
  expect(warnings).toEqual([]);

  for (const hostname of ["shop.localhost", "localhost", "127.0.0.1", "[::1]"])
    await warn(msalWith(["other"]), hostname);
  expect(warnings).toEqual([
    expect.stringMatching(/clientCapabilities: \["CP1"\].*#a-claims-challenge-without-cp1$/s),
  ]);
});

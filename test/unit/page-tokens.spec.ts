import { expect, test } from "@playwright/test";
import { PageTokens } from "../../page/fetch/page-tokens.ts";
import { compileRequestMatcher } from "../../pipeline/request-matcher.ts";
import { BARE } from "../../pipeline/token-result.ts";
import type { PageAccount } from "../../protocol/page-account.ts";
import type { AcquireQuestion } from "../../protocol/questions.ts";
import { type ProtectedResourceMap, resolveResourceMap } from "../../protocol/resource-map.ts";
import { ORDERS } from "./recorded-realm.ts";
import { ADA, VISITOR } from "./token-page.ts";

const BASE = "https://shop.example/cart";
const API = "https://api.example.com";

/** Calls of a page at the same time. Gives the token of each, which is named after its question. */
async function tokensOf(
  map: ProtectedResourceMap,
  account: PageAccount,
  calls: readonly (readonly [method: string, path: string])[],
): Promise<readonly (string | null)[]> {
  const match = compileRequestMatcher({ entries: resolveResourceMap(map, BASE), navigations: false });
  const nameOf = ({ wanted }: AcquireQuestion): string =>
    [...wanted.scopes, wanted.tokenType ?? "bearer"].join(" ");
  const questions: AcquireQuestion[] = [];
  const tokens = new PageTokens({
    account: () => account,
    answers: {
      token: async (question) => {
        questions.push(question);
        // The answer comes after every call has been made.
        await new Promise(setImmediate);
        const token = {
          accessToken: `${questions.indexOf(question)} ${nameOf(question)}`,
          endsAt: 0,
          renewAt: 0,
        };
        return { type: "token", account: ADA, token };
      },
      proof: () => Promise.resolve({ type: "bare" }),
    },
  });
  return await Promise.all(
    calls.map(async ([method, path]) => {
      const request = new Request(`${API}${path}`, { method });
      const found = match({ request, url: new URL(request.url) });
      const result = found && (await tokens.acquire(request, found, null));
      return result?.type === "token" ? result.accessToken : null;
    }),
  );
}

for (const [who, account] of [
  ["a visitor who is about to be signed in", VISITOR],
  ["a user", ADA],
] as const) {
  test(`calls at the same time of ${who} have the token for their own scopes, though one key covers them`, async () => {
    const map = {
      [`${API}/*`]: [
        { httpMethod: "GET", scopes: ["read"] },
        { httpMethod: "POST", scopes: ["write"] },
      ],
    };
    expect(
      await tokensOf(map, account, [
        ["GET", "/orders"],
        ["POST", "/orders"],
        ["GET", "/photos"],
      ]),
    ).toEqual(["0 read bearer", "1 write bearer", "0 read bearer"]);
  });

  test(`calls at the same time of ${who} have the token of their own type, though their scopes are equal`, async () => {
    const map = {
      [`${API}/*`]: [
        { httpMethod: "GET", scopes: ["all"] },
        { httpMethod: "POST", scopes: ["all"], tokenType: "DPoP" as const },
      ],
    };
    expect(
      await tokensOf(map, account, [
        ["GET", "/orders"],
        ["POST", "/orders"],
      ]),
    ).toEqual(["0 all bearer", "1 all DPoP"]);
  });
}

test("calls at the same time of a visitor for different keys do not share a token", async () => {
  const map = { [`${API}/a/*`]: ["read"], [`${API}/b/*`]: ["read"] };
  expect(
    await tokensOf(map, VISITOR, [
      ["GET", "/a/1"],
      ["GET", "/b/1"],
    ]),
  ).toEqual(["0 read bearer", "1 read bearer"]);
});

test("a refused token is no question for the next user of the page", async () => {
  let account: PageAccount = { type: "account", id: "ada", perResource: false };
  const asked: AcquireQuestion[] = [];
  const tokens = new PageTokens({
    account: () => account,
    answers: {
      async token(question) {
        asked.push(question);
        return { type: "unavailable" };
      },
      proof: async () => ({ type: "unavailable" }),
    },
  });
  const request = new Request("https://api.example.com/orders/1");
  const refusal = { challenge: "Bearer", accessToken: "t1", account: "ada", sentAt: 0 };
  await tokens.acquire(request, ORDERS, refusal);
  expect(asked).toHaveLength(1);

  account = { type: "account", id: "alan", perResource: false };
  expect(await tokens.acquire(request, ORDERS, refusal)).toEqual(BARE);
  account = { type: "signed-out", mayAcquire: true };
  expect(await tokens.acquire(request, ORDERS, refusal)).toEqual(BARE);
  expect(asked).toHaveLength(1);
});

import { expect, test } from "@playwright/test";
import { BARE } from "../../pipeline/token-result.ts";
import type { PageAccount } from "../../protocol/page-account.ts";
import type { AcquireQuestion } from "../../protocol/questions.ts";
import { PageTokens } from "../../page/fetch/page-tokens.ts";
import { ORDERS } from "./recorded-realm.ts";

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

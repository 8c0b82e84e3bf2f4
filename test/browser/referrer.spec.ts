import { expect, test } from "./fixtures.ts";

test("a request with its token keeps the referrer and the referrer policy of the page", async ({
  site,
  stack,
}) => {
  const elsewhere = `${stack.site.origin}/elsewhere`;
  const { origin, pathname, search } = new URL(site.page.url());

  for (const init of [
    {},
    { referrerPolicy: "unsafe-url" },
    { referrerPolicy: "no-referrer" },
    { referrer: elsewhere, referrerPolicy: "unsafe-url" },
  ] as const) {
    expect(await site.fetch("api:/media/photo", init)).toMatchObject({ status: 200 });
  }

  expect(stack.api.received.map(({ authorization, headers }) => [authorization, headers.referer])).toEqual([
    ["bearer", `${origin}/`],
    ["bearer", origin + pathname + search],
    ["bearer", undefined],
    ["bearer", elsewhere],
  ]);
});

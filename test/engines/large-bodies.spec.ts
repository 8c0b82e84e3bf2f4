import { createHash } from "node:crypto";
import { expect, test } from "./fixtures.ts";
import { ORIGINS } from "./site-window.ts";

test.describe.configure({ mode: "default" });

const MEGABYTES = 100;
const BYTES = MEGABYTES * 2 ** 20;

/** The page makes the body: no driver could carry it there. */
const UPLOAD = `async (url) => {
  const megabyte = Uint8Array.from({ length: 2 ** 20 }, (_, index) => index % 251);
  const body = new Blob(Array(${MEGABYTES}).fill(megabyte));
  return (await fetch(url, { method: "POST", body })).status;
}`;

const DOWNLOAD = `async (url) => {
  const reader = (await fetch(url)).body.getReader();
  let bytes = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  return bytes;
}`;

for (const origin of ORIGINS) {
  test(`an upload of ${MEGABYTES} MB to a ${origin} API arrives whole, with its token`, async ({
    signedIn: site,
    stack,
  }) => {
    stack.api.reset();
    await site.attach();

    const url = JSON.stringify(site.url(origin, "/media/echo"));
    expect(await site.window.evaluate(`(${UPLOAD})(${url})`)).toBe(200);

    const megabyte = Buffer.from(Uint8Array.from({ length: 2 ** 20 }, (_, index) => index % 251));
    const hash = createHash("sha256");
    for (let i = 0; i < MEGABYTES; i++) hash.update(megabyte);
    expect(stack.api.received).toMatchObject([
      { authorization: "bearer", body: { bytes: BYTES, sha256: hash.digest("hex") } },
    ]);
  });

  test(`a download of ${MEGABYTES} MB from a ${origin} API arrives whole, with its token`, async ({
    signedIn: site,
    stack,
  }) => {
    stack.api.reset();
    await site.attach();

    const url = JSON.stringify(site.url(origin, `/media/download?bytes=${BYTES}`));
    expect(await site.window.evaluate(`(${DOWNLOAD})(${url})`)).toBe(BYTES);

    expect(stack.api.received).toMatchObject([{ authorization: "bearer", status: 200 }]);
  });
}

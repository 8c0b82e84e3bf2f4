import { createHash } from "node:crypto";
import { expect, test } from "./fixtures.ts";

test.describe.configure({ mode: "default" });

const MEGABYTES = 100;
const BYTES = MEGABYTES * 2 ** 20;

/** Posts a body. The page makes it, since no driver could carry it there. */
const upload = async ({ url, megabytes }: { url: string; megabytes: number }): Promise<number> => {
  const megabyte = Uint8Array.from({ length: 2 ** 20 }, (_, index) => index % 251);
  const body = new Blob(Array<Uint8Array<ArrayBuffer>>(megabytes).fill(megabyte));
  return (await fetch(url, { method: "POST", body })).status;
};

/** Reads a body piece by piece. Resolves to the number of its bytes. */
const download = async (url: string): Promise<number> => {
  const reader = (await fetch(url)).body?.getReader();
  let bytes = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.length;
  }
  return bytes;
};

test(`an upload of ${MEGABYTES} MB arrives whole, with its token`, async ({ signedIn: site, stack }) => {
  stack.api.reset();
  await site.attach();

  const url = site.url("cross-origin", "/media/echo");
  expect(await site.window.evaluate(upload, { url, megabytes: MEGABYTES })).toBe(200);

  const megabyte = Buffer.from(Uint8Array.from({ length: 2 ** 20 }, (_, index) => index % 251));
  const hash = createHash("sha256");
  for (let i = 0; i < MEGABYTES; i++) hash.update(megabyte);
  expect(stack.api.received).toMatchObject([
    { authorization: "bearer", body: { bytes: BYTES, sha256: hash.digest("hex") } },
  ]);
});

test(`a download of ${MEGABYTES} MB arrives whole, with its token`, async ({ signedIn: site, stack }) => {
  stack.api.reset();
  await site.attach();

  const url = site.url("cross-origin", `/media/download?bytes=${BYTES}`);
  expect(await site.window.evaluate(download, url)).toBe(BYTES);

  expect(stack.api.received).toMatchObject([{ authorization: "bearer", status: 200 }]);
});

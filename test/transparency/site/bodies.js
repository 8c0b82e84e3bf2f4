// @ts-check
const BYTES = new Uint8Array([0, 1, 127, 128, 255]);

/** @type {Record<string, () => BodyInit | null>} */
export const bodies = {
  text: () => "a text, naïve",
  "empty text": () => "",
  JSON: () => JSON.stringify({ a: [1, "zwei"] }),
  FormData: () => {
    const form = new FormData();
    form.append("field", "value");
    form.append("file", new Blob(["content"], { type: "text/csv" }), "naïve.csv");
    return form;
  },
  URLSearchParams: () => new URLSearchParams({ a: "1 & 2", b: "é" }),
  Blob: () => new Blob(["a blob"], { type: "application/x-own" }),
  "Blob without type": () => new Blob(["a blob"]),
  ArrayBuffer: () => BYTES.slice().buffer,
  Uint8Array: () => BYTES.slice(),
  "300 kB": () => "0123456789".repeat(30_000),
  null: () => null,
};

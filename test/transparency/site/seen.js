// @ts-check

/** @param {ArrayBuffer} buffer */
export async function describe(buffer) {
  const bytes = new Uint8Array(buffer);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const digest = Array.from(hash.slice(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${bytes.length} bytes, ${digest}`;
}

/**
 * The properties of a response that a page sees, without its body.
 *
 * @param {Response} response
 */
export const headOf = ({ type, status, statusText, ok, redirected, url, headers, body }) => ({
  type,
  status,
  statusText,
  ok,
  redirected,
  url,
  headers: [...headers].map((pair) => pair.join(": ")).join("\n"),
  hasBody: body !== null,
});

/** @param {unknown} error */
export const nameOf = (error) => (error instanceof Error ? error.name : String(error));

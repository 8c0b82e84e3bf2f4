export type XhrBody = Parameters<XMLHttpRequest["send"]>[0];

/**
 * The body as it is at the call: the page may change or transfer it before it is sent. The browser sends the copy as it would
 * send the body. A string and a Blob cannot change.
 *
 * @throws TypeError as the browser's `send` does, for memory that is shared with other threads
 */
export function copyOf(body: XhrBody): XhrBody {
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new Blob([body]);
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (body instanceof Document) return body.cloneNode(true) as Document;
  if (!(body instanceof FormData)) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}

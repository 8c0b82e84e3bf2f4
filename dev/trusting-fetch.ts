import { get } from "node:https";
import { json } from "node:stream/consumers";
import type { Certificate } from "./loopback-certificate.ts";

/** A `fetch` of JSON that trusts one certificate, which Node's own cannot be told. */
export const trustingFetch =
  ({ cert }: Certificate) =>
  (url: string): Promise<Response> =>
    new Promise((resolve, reject) => {
      get(url, { ca: cert }, (response) => {
        json(response).then((body) => resolve(Response.json(body)), reject);
      }).on("error", reject);
    });

import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** Reads an `application/x-www-form-urlencoded` body; of fields that come twice, the last counts. */
export async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await text(request)));
}

import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** Reads an `application/x-www-form-urlencoded` body. The last of several fields with one name counts. */
export async function readForm(request: IncomingMessage): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await text(request)));
}

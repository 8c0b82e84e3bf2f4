import type { RequestObserved } from "../page/token-attachment.ts";
import { create, shorten } from "./create-element.ts";

/** The origin of the token, in words. */
const ORIGINS: Record<RequestObserved["token"], string> = {
  memory: "token from memory",
  page: "token from the page",
  none: "no token",
};

/**
 * Creates the list entry of a request.
 *
 * @param start the start of its bar, in milliseconds on the scale of its group
 * @param account the name of the account that the page used then, if the site gives it
 */
export function requestEntry(
  {
    method,
    url,
    resource,
    scopes,
    token,
    tokenTime,
    responseTime,
    status,
    replayed,
    destination,
  }: RequestObserved,
  start: number,
  account: string | undefined,
): HTMLElement {
  const bar = create("span", "bar", create("i", "wait"), create("i", "network"));
  const { style } = bar;
  style.setProperty("--start", `${start}`);
  style.setProperty("--token", `${tokenTime}`);
  style.setProperty("--network", `${responseTime - tokenTime}`);
  const facts = [
    tokenTime > 0 ? `${ORIGINS[token]} after ${tokenTime} ms` : ORIGINS[token],
    ...(replayed ? ["replayed with a new token"] : []),
    ...(status ? [] : ["a network error, or a status that the worker may not see"]),
    ...(destination ? [`for ${destination}`] : []),
    `${shorten(resource)} → ${scopes.join(" ")}`,
    ...(account === undefined ? [] : [account]),
  ];
  const entry = create(
    "li",
    `entry ${token}`,
    create("code", "request", `${method} ${shorten(url)}`),
    create("span", "code", status ? `${status}` : "no status"),
    create("span", "total", `${responseTime} ms`),
    bar,
    create("span", "facts", ...facts.map((fact) => create("span", "", fact))),
  );
  entry.dataset["status"] = `${status}`;
  if (replayed) entry.dataset["replayed"] = "";
  return entry;
}

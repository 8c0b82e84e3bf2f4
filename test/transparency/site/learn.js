// @ts-check
/**
 * Lets the worker find out which resources have CORS.
 *
 * @param {readonly string[]} urls
 */
export async function learn(urls) {
  for (const url of urls) await fetch(url, { mode: "no-cors", credentials: "include" });
}

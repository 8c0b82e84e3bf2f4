// @ts-check

/** Longer than any engine takes, shorter than a test. */
const WITHIN = 10_000;

/**
 * The end of a request as the page sees it: `"usable"`, or the error.
 *
 * @param {Promise<unknown>} request
 * @returns {Promise<string>}
 */
export async function settled(request) {
  const silence = new Promise((_, reject) => setTimeout(reject, WITHIN, new Error("nothing happened")));
  try {
    await Promise.race([request, silence]);
    return "usable";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// @ts-check

/** Longer than any engine takes, shorter than a test. */
const WITHIN = 10_000;

/**
 * How a request ended for the page: `"usable"`, or what went wrong.
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

// @ts-check

/**
 * The answer to a `fetch` as a page sees it.
 *
 * @param {Promise<Response>} request
 */
export async function seen(request) {
  try {
    const response = await request;
    const { status, type, redirected } = response;
    const headers = [...response.headers.keys()].sort().join();
    return { status, type, redirected, headers, body: await response.text() };
  } catch (error) {
    return { error: error instanceof Error ? error.name : String(error) };
  }
}

// @ts-check
/**
 * Attaches one and the same access token to what the map names.
 *
 * @param {Record<string, string[]>} protectedResourceMap
 * @param {string} accessToken
 */
export async function attach(protectedResourceMap, accessToken) {
  const token = async () => ({
    accessToken,
    account: "somebody",
    expiresOn: new Date(Date.now() + 3_600_000),
  });
  const source = {
    providerOrigins: [],
    redirectPages: [],
    ready: async () => {},
    account: () => "somebody",
    acquireSilent: token,
    acquireInteractive: token,
    subscribe: () => () => {},
  };
  // @ts-expect-error bearer-page.js is a script, not a module.
  await globalThis.bearerWorker.attachTokens(source, { protectedResourceMap });
}

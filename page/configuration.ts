import type { IPublicClientApplication } from "@azure/msal-browser";
import { BearerWorkerError } from "../protocol/errors.ts";
import { mapText, type ResourceEntry } from "../protocol/resource-map.ts";
import { compileResourceMap, type ResourceMatcher } from "../protocol/resource-matcher.ts";
import { parseUrl } from "../protocol/url.ts";
import type { MsalOptions } from "./msal/options.ts";
import { msalTokenSource } from "./msal/token-source.ts";
import { type AttachOptions, isRegistration, isScriptUrl, readOptions, type Settings } from "./options.ts";
import { protectedEntries } from "./protected-entries.ts";
import type { TokenSource } from "./token-source.ts";
import { ownWorker, type WorkerScript, workerOfSite } from "./worker/worker-script.ts";

/** The site's configuration, as the page's parts use it. */
export interface Configuration {
  readonly settings: Settings;
  readonly source: TokenSource;
  /** The worker's script, unless the worker is the site's own. */
  readonly scriptUrl: URL | null;
  readonly entries: readonly ResourceEntry[];
  readonly match: ResourceMatcher;
  /** The map as the page announces it to the worker. */
  readonly map: string;
  /** Whether navigations get tokens. */
  readonly navigations: boolean;
}

/**
 * @param base the document's URL
 * @throws BearerWorkerError `invalid_options`, `invalid_resource_map`
 */
export function readConfiguration(
  given: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
  base: string,
): Configuration {
  const settings = readOptions(options);
  const source = "acquireSilent" in given ? given : msalTokenSource(given, settings);
  const { protectedResourceMap, serviceWorker } = settings;
  const scriptUrl = isScriptUrl(serviceWorker) ? urlOfScript(serviceWorker, base) : null;
  const entries = protectedEntries(protectedResourceMap, source, scriptUrl, base);
  return {
    settings,
    source,
    scriptUrl,
    entries,
    match: compileResourceMap(entries),
    map: mapText(entries),
    navigations: settings.navigations ?? scriptUrl === null,
  };
}

function urlOfScript(script: string | URL, base: string): URL {
  const parsed = parseUrl(script, base);
  if (parsed) return parsed;
  throw new BearerWorkerError(
    "invalid_options",
    'The option "serviceWorker" is no URL. Write the URL of the worker\'s script, as in "/bearer-sw.js".',
  );
}

/** The worker's script; `null` while the registration of the site's own worker is awaited. */
export function knownScript({
  settings: { serviceWorker, scope },
  scriptUrl,
  entries,
  navigations,
}: Configuration): WorkerScript | null {
  if (scriptUrl) return ownWorker(scriptUrl, scope, { entries, navigations });
  return isRegistration(serviceWorker) ? workerOfSite(serviceWorker) : null;
}

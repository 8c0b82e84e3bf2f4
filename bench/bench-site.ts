import { readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { createIdentityProvider, type IdentityProvider } from "../dev/identity-provider/identity-provider.ts";
import type { Certificate } from "../dev/loopback-certificate.ts";
import { listenOnLoopback } from "../dev/loopback-listener.ts";
import { createStaticHost, type StaticHost } from "../dev/static-host.ts";
import { createBenchApi, type BenchApi } from "./bench-api.ts";
import { PAGE_FILES } from "./subjects/ours.ts";
import type { Subject } from "./subjects/subject.ts";

/** A page that is loaded again has its scripts at hand. */
const CACHEABLE = { "Cache-Control": "max-age=3600" };

/** One site with a page for each subject, below the subject's name; the API is on the same origin. */
export interface BenchSite {
  readonly provider: IdentityProvider;
  readonly api: BenchApi;
  pageOf(subject: Subject): string;
  /** The page that matches URLs in place of requesting them. */
  readonly matchersPage: string;
  /** Publishes the subjects' files, with a token for subjects that cannot get one. */
  publish(token: string): void;
  close(): Promise<void>;
}

/**
 * @param matchers the script of the page that matches URLs
 * @param certificate makes all of it https
 */
export async function startBenchSite(
  subjects: readonly Subject[],
  matchers: string,
  certificate?: Certificate,
): Promise<BenchSite> {
  const site = await listenOnLoopback(0, certificate);
  const identity = await listenOnLoopback(0, certificate);
  const provider = await createIdentityProvider(identity.origin, site.origin);
  const api = createBenchApi(site.origin, provider.issuer, provider.jwksUrl, certificate);
  const config = { msalAuth: provider.msalAuth, issuer: provider.issuer };
  const host: StaticHost = createStaticHost(site.origin, {
    roots: ["bench/site", "dist"],
    routes: {
      "/demo-config.js": script(`globalThis.demoConfig = ${JSON.stringify(config)};`),
      "/matchers.js": script(matchers),
    },
  });
  for (const file of ["bearer-page.js", "sign-in.js", "measure.js"])
    host.override(`/${file}`, { headers: CACHEABLE });
  for (const subject of subjects) {
    host.override(`/${subject.name}/`, { body: pageFor(subject) });
    for (const file of subject.dist ? PAGE_FILES : []) {
      const body = readFileSync(join(subject.dist ?? "", file));
      host.override(`/${subject.name}/${file}`, { body, headers: CACHEABLE });
    }
  }
  const answerAsSite = host.handle;
  site.serve((request, response) => {
    // API requests bypass the host, because the host keeps a list of all requests.
    const isApi = /^\/(?:api|open)\//.test(request.url ?? "");
    (isApi ? api.handle : answerAsSite)(request, response);
  });
  identity.serve(provider.handle);

  return {
    provider,
    api,
    pageOf: ({ name }) => `${site.origin}/${name}/`,
    matchersPage: `${site.origin}/matchers.html`,
    publish(token) {
      for (const { name, files } of subjects) {
        const made = files?.(token, { site: site.origin, issuer: provider.issuer }) ?? {};
        for (const [file, body] of Object.entries(made)) host.override(`/${name}/${file}`, { body });
      }
    },
    async close() {
      await Promise.all([site.close(), identity.close()]);
    },
  };
}

const script =
  (source: string): RequestListener =>
  (_request, response) =>
    response.setHeader("Content-Type", "text/javascript").end(source);

/** The same page for all subjects, since a larger page makes requests slower. */
const pageFor = ({
  name,
  dist,
  page = "",
  start = `await signedIn; ${page}`,
}: Subject): string => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>${name}</title>
  <script src="/demo-config.js"></script>
  <script src="${dist ? "" : "/"}bearer-page.js"></script>
  <script src="/sign-in.js"></script>
  <script src="/measure.js"></script>
  <script>
    async function prepare(token) {
      const msal = globalThis.msal;
      ${page}
    }
    async function start() {
      const msal = globalThis.msal;
      ${start}
    }
    void startIfWanted();
  </script>
</html>`;

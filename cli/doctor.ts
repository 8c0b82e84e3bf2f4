import { parseArgs } from "node:util";
import { checkApi } from "./checks/api.ts";
import { type CheckName, fail, type Finding } from "./checks/finding.ts";
import { checkPage } from "./checks/page.ts";
import { checkRedirectPage } from "./checks/redirect-page.ts";
import { checkWorker } from "./checks/worker.ts";
import { type Command, type CommandContext, onlyArgument, UsageError } from "./command.ts";
import { describe } from "./findings-report.ts";
import { type Ask, askFollowing, createAsk, LIMITS, shown, Unreachable } from "./http.ts";
import { jsonLines } from "./output.ts";
import { readBuilt, WORKER } from "./site-files.ts";

const HELP = `Usage: bearer-worker doctor <url> [options]

Checks a running site over HTTP, as a browser would: the page with its policies, the worker's script, MSAL's redirect
page, and the APIs that you name. Prints each problem that keeps requests from getting their tokens, with its fix.
Sends no token and no cookie. <url> is a page that attaches tokens.

Asks the origin of <url> and the APIs. An answer cannot lead doctor to another origin. Sends at most 24 requests, and two for
each API. Reads at most 1 MB of an answer. Waits at most 15 seconds for an answer, and ends after a minute.

  --api <url>        a protected URL, checked with GET and OPTIONS; repeatable
  --provider <url>   the identity provider, which the page's policies have to allow; repeatable
  --origin <origin>  the origin that the APIs have to allow; the page's by default
  --worker <path>    the worker's script: option "serviceWorker" of attachTokens; /bearer-sw.js by default
  --scope <path>     option "scope" of attachTokens; the script's directory by default
  --redirect <path>  MSAL's redirect URI; /bearer-redirect.html by default. "none" skips its checks: an identity library
                     other than MSAL may have no redirect page
  --strict           exits with 1 for warnings too
  --json             prints { url, version, ok, findings: [{ check, status, url, message, fix }] }
  --help             prints this`;

/** Finds misconfigurations in a running site. */
export const doctor: Command = { help: HELP, run };

async function run(args: string[], context: CommandContext): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      api: { type: "string", multiple: true, default: [] },
      provider: { type: "string", multiple: true, default: [] },
      origin: { type: "string" },
      worker: { type: "string", default: `/${WORKER}` },
      scope: { type: "string" },
      redirect: { type: "string", default: "/bearer-redirect.html" },
      strict: { type: "boolean" },
      json: { type: "boolean" },
    },
  });
  const start = readUrl(onlyArgument(positionals, "doctor", "one URL"));
  const targets = {
    worker: readUrl(values.worker, start),
    scope: values.scope === undefined ? null : readUrl(values.scope, start),
    redirectPage: values.redirect === "none" ? null : readUrl(values.redirect, start),
    apis: values.api.map((api) => readUrl(api, start)),
    providers: values.provider.map((provider) => readUrl(provider)),
  };
  for (const [option, url] of [
    ["--worker", targets.worker],
    ["--scope", targets.scope],
    ["--redirect", targets.redirectPage],
  ] as const)
    if (url && url.origin !== start.origin)
      throw new UsageError(`${option} has to be of the page's origin, ${start.origin}. Give it as a path.`);
  const { origin } = values.origin === undefined ? start : readUrl(values.origin);
  const current = { version: context.version, worker: await readBuilt(context.dist, WORKER) };

  const ask = createAsk(new Set([start, ...targets.apis].map(({ origin }) => origin)), {
    ...LIMITS,
    requests: LIMITS.requests + 2 * targets.apis.length,
  });
  const findings = await guarded("page-loads", start, async () => {
    const site = { page: await askFollowing(ask, start), ...targets };
    const { redirectPage } = site;
    return [
      ...checkPage(site),
      ...(await guarded("worker-found", site.worker, () => checkWorker(ask, site, current))),
      ...(redirectPage
        ? await guarded("redirect-found", redirectPage, () => checkRedirectPage(ask, site, redirectPage))
        : []),
      ...(await checkApis(ask, site.apis, origin)),
    ];
  });
  const ok = findings.every(({ status }) => status === "pass" || (status === "warn" && !values.strict));
  context.print(
    ...(values.json
      ? jsonLines({ url: shown(start), version: context.version, ok, findings })
      : describe(findings)),
  );
  return ok;
}

async function checkApis(ask: Ask, apis: readonly URL[], origin: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const api of apis) {
    findings.push(...(await guarded("api-answers", api, () => checkApi(ask, api, origin))));
  }
  return findings;
}

/** Runs checks. A server that does not answer becomes a finding. */
async function guarded(
  check: CheckName,
  url: URL,
  run: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return [fail(check, url, error.message, error.fix)];
  }
}

/** @throws UsageError; its message omits the query, which may be secret */
function readUrl(given: string, base?: URL): URL {
  const url = URL.canParse(given, base) ? new URL(given, base) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new UsageError(
    url?.username || url?.password
      ? "A URL must not hold a user name and password. Remove them from the URL."
      : `"${given.replace(/[?#].*/s, "")}" is not an http or https URL. Give one such as https://contoso.example/.`,
  );
}

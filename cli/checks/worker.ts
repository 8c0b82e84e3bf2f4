import { encodeWorkerUrl } from "../../protocol/worker-url.ts";
import { parsePolicies, refusedBy } from "../content-security-policy.ts";
import { type Answer, ask, isScript, redirectOf, shown, typeOf } from "../http.ts";
import { checkCaching } from "./caching.ts";
import { fail, type Finding, pass } from "./finding.ts";
import { sourceFor } from "./page-policies.ts";
import type { Site } from "./site.ts";
import { checkVersion, type Current } from "./worker-version.ts";

/**
 * Whether browsers accept the worker's script, for the page, and what it may fetch.
 *
 * @throws Unreachable
 */
export async function checkWorker(site: Site, current: Current): Promise<Finding[]> {
  const answer = await ask(site.worker, { headers: { "Service-Worker": "script" } });
  const found = checkFound(answer, current);
  if (found.status === "fail") return [found];
  const type = checkType(answer);
  if (type.status === "fail") return [found, type];
  return [
    found,
    type,
    await checkQuery(site),
    checkScope(site, answer),
    checkConnections(site, answer),
    checkCaching("worker-caching", answer, site.worker.pathname),
    checkVersion(answer, current),
  ];
}

function checkFound(answer: Answer, { version }: Current): Finding {
  const { url, status } = answer;
  const elsewhere = redirectOf(answer);
  if (elsewhere)
    return fail(
      "worker-found",
      url,
      `redirects to ${shown(elsewhere)}, and browsers refuse a redirected worker`,
      `Answer ${url.pathname} with the script itself, or name the final URL in "serviceWorker" and with --worker.`,
    );
  if (status !== 200)
    return fail(
      "worker-found",
      url,
      `answers ${status}`,
      `Copy it there with "npx bearer-worker@${version} init <dir>", or name where it is in "serviceWorker" and with --worker.`,
    );
  return pass("worker-found", url, "is there");
}

function checkType(answer: Answer): Finding {
  const { url } = answer;
  if (isScript(answer)) return pass("worker-mime-type", url, `is ${typeOf(answer)}`);
  const isPage = /html/.test(typeOf(answer));
  return fail(
    "worker-mime-type",
    url,
    `is served as ${typeOf(answer)}, and browsers want JavaScript`,
    isPage
      ? `The server seems to answer with a page for want of the file: copy it there with "npx bearer-worker init <dir>", and except it from rules that answer every path.`
      : `Serve it with "Content-Type: text/javascript".`,
  );
}

/** The configuration travels in the query; some servers and firewalls refuse URLs and brackets in one. */
async function checkQuery({ worker }: Site): Promise<Finding> {
  const configured = encodeWorkerUrl(worker, {
    navigations: true,
    entries: [
      { key: `${worker.origin}/api/*`, method: "POST", scopes: ["api://orders/Data.Write"] },
      { key: "https://*.example.com/v1.0/*", method: "", scopes: ["https://example.com/User.Read"] },
    ],
  });
  const answer = await ask(configured);
  return answer.status === 200 && isScript(answer)
    ? pass("worker-query", worker, "answers with a configuration in its query, too")
    : fail(
        "worker-query",
        worker,
        `answers ${answer.status} with ${typeOf(answer)} when its query holds a configuration`,
        `Answer ${worker.pathname} whatever the query: attachTokens registers it with the resource map there. A firewall may need an exception for it.`,
      );
}

/** @see https://w3c.github.io/ServiceWorker/#service-worker-allowed */
function checkScope({ page, worker, scope }: Site, { headers }: Answer): Finding {
  const used = scope ?? new URL("./", worker);
  const header = headers.get("Service-Worker-Allowed") ?? "./";
  const allowed = new URL(URL.canParse(header, worker) ? header : "./", worker);
  if (!used.href.startsWith(allowed.href))
    return fail(
      "worker-scope",
      worker,
      `may control ${allowed.pathname} and below, which the scope ${used.pathname} is not`,
      `Move the script to ${used.pathname}, or send "Service-Worker-Allowed: ${used.pathname}" with it.`,
    );
  if (shown(page.url).startsWith(used.href))
    return pass("worker-scope", worker, `may control ${used.pathname} and below`);
  return fail(
    "worker-scope",
    worker,
    `would control ${used.pathname} and below, which ${page.url.pathname} is not`,
    `Move the script up to a directory of the page, or send "Service-Worker-Allowed: /" with it and set "scope" (here: --scope).`,
  );
}

/** The policy that comes with the worker's script, not the page's, governs what the worker fetches. */
function checkConnections({ worker, apis }: Site, { headers }: Answer): Finding {
  const policies = parsePolicies(headers.get("Content-Security-Policy") ?? "");
  const targets = apis.length > 0 ? apis : [worker];
  const refused = targets.filter((target) => refusedBy(policies, "connect-src", target, worker));
  if (refused.length === 0)
    return pass("worker-connect-src", worker, "its Content-Security-Policy lets it fetch");
  const sources = [...new Set(refused.map((target) => sourceFor(target, worker)))].join(" ");
  return fail(
    "worker-connect-src",
    worker,
    `is served with a Content-Security-Policy that does not allow ${sources}, which it has to fetch`,
    `Serve ${worker.pathname} without Content-Security-Policy, or add ${sources} to connect-src there.`,
  );
}

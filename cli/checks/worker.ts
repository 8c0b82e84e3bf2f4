import { encodeWorkerUrl } from "../../protocol/worker-url.ts";
import { parsePolicies, refusedBy } from "../content-security-policy.ts";
import { type Answer, type Ask, isScript, redirectOf, shown, typeOf } from "../http.ts";
import { checkCaching } from "./caching.ts";
import { fail, type Finding, pass } from "./finding.ts";
import { sourceFor } from "./page-policies.ts";
import type { Site } from "./site.ts";
import { checkVersion, type Current } from "./worker-version.ts";

/**
 * Checks that browsers accept the worker's script for the page, and that the worker may fetch the APIs.
 *
 * @throws Unreachable
 */
export async function checkWorker(ask: Ask, site: Site, current: Current): Promise<Finding[]> {
  const answer = await ask(site.worker, { headers: { "Service-Worker": "script" }, reads: true });
  const found = checkFound(answer, current);
  if (found.status === "fail") return [found];
  const type = checkType(answer);
  if (type.status === "fail") return [found, type];
  return [
    found,
    type,
    await checkQuery(ask, site),
    checkScope(site, answer),
    checkConnections(site, answer),
    checkCaching("worker-caching", answer, "The worker's script", site.worker.pathname),
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
      `The worker's script redirects to ${shown(elsewhere)}, and browsers refuse a redirected worker.`,
      `Answer ${url.pathname} with the script itself, or give the final URL in the option "serviceWorker" and with --worker.`,
    );
  if (status !== 200)
    return fail(
      "worker-found",
      url,
      `The worker's script answers ${status}.`,
      `Copy the script there with "npx bearer-worker@${version} init <dir>", or give its URL in the option "serviceWorker" and with --worker.`,
    );
  return pass("worker-found", url, "The worker's script is there.");
}

function checkType(answer: Answer): Finding {
  const { url } = answer;
  if (isScript(answer))
    return pass("worker-mime-type", url, `The worker's script is served as ${typeOf(answer)}.`);
  const isPage = /html/.test(typeOf(answer));
  return fail(
    "worker-mime-type",
    url,
    `The worker's script is served as ${typeOf(answer)}, and browsers accept JavaScript only.`,
    isPage
      ? `The server seems to answer with a page because the file is missing. Copy the file there with "npx bearer-worker init <dir>", and exempt it from rules that answer every path.`
      : `Serve the script with "Content-Type: text/javascript".`,
  );
}

/** The worker's URL holds the configuration in its query. Some servers and firewalls refuse a query with URLs or brackets. */
async function checkQuery(ask: Ask, { worker }: Site): Promise<Finding> {
  const configured = encodeWorkerUrl(worker, {
    navigations: true,
    entries: [
      { key: `${worker.origin}/api/*`, method: "POST", scopes: ["api://orders/Data.Write"] },
      { key: "https://*.example.com/v1.0/*", method: "", scopes: ["https://example.com/User.Read"] },
    ],
  });
  const answer = await ask(configured);
  return answer.status === 200 && isScript(answer)
    ? pass("worker-query", worker, "The worker's script answers with a configuration in its query too.")
    : fail(
        "worker-query",
        worker,
        `The worker's script answers ${answer.status} with ${typeOf(answer)} when its query holds a configuration.`,
        `Answer ${worker.pathname} with every query: attachTokens registers the script with the resource map in its query. A firewall may need an exception for this path.`,
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
      `The worker's script may control ${allowed.pathname} and below, and the scope ${used.pathname} lies outside.`,
      `Move the script to ${used.pathname}, or send "Service-Worker-Allowed: ${used.pathname}" with it.`,
    );
  if (shown(page.url).startsWith(used.href))
    return pass("worker-scope", worker, `The worker's script may control ${used.pathname} and below.`);
  return fail(
    "worker-scope",
    worker,
    `The worker would control ${used.pathname} and below, and the page ${page.url.pathname} lies outside.`,
    `Move the script up to a directory of the page, or send "Service-Worker-Allowed: /" with it and set the option "scope" (for doctor: --scope).`,
  );
}

/** The worker's fetches are governed by the policy of its script, not by the page's. */
function checkConnections({ worker, apis }: Site, { headers }: Answer): Finding {
  const policies = parsePolicies(headers.get("Content-Security-Policy") ?? "");
  const targets = apis.length > 0 ? apis : [worker];
  const refused = targets.filter((target) => refusedBy(policies, "connect-src", target, worker));
  if (refused.length === 0)
    return pass("worker-connect-src", worker, "The worker's Content-Security-Policy allows its fetches.");
  const sources = [...new Set(refused.map((target) => sourceFor(target, worker)))].join(" ");
  return fail(
    "worker-connect-src",
    worker,
    `The worker's Content-Security-Policy does not allow ${sources}, and the worker has to fetch from there.`,
    `Serve ${worker.pathname} without Content-Security-Policy, or add ${sources} to connect-src in its policy.`,
  );
}

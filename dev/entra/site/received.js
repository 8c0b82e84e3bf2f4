/** Shows the requests that the worker reports, since a real API does not publish its log. */
import { attachment } from "./attach-tokens.js";

/** In milliseconds: longer than a report takes from the worker to the page. */
const REPORT_WITHIN = 1000;

const reports = [];
const arrivals = new EventTarget();
attachment.then(
  (attached) =>
    attached.addEventListener("request", ({ detail }) => {
      reports.push(detail);
      arrivals.dispatchEvent(new Event("report"));
    }),
  // For the reason see main.js.
  () => undefined,
);

/** The newest report of a request such as "GET https://graph.microsoft.com/v1.0/me"; undefined if there is none. */
export async function received(target, since) {
  const [method, address] = target.split(" ");
  const { href } = new URL(address, location.href);
  if (!href.startsWith(demoConfig.map.slice(0, -1))) return undefined;
  const find = () =>
    reports.findLast(
      ({ method: sent, url, startedAt }) =>
        sent === method && url === href.replace(/[?#].*/, "") && startedAt >= since,
    );
  const deadline = AbortSignal.timeout(REPORT_WITHIN);
  while (!find() && !deadline.aborted) {
    await new Promise((resolve) => {
      arrivals.addEventListener("report", resolve, { once: true });
      deadline.addEventListener("abort", resolve, { once: true });
    });
  }
  return find();
}

/** The name of the page's text for the worker's report. */
export function describe(report) {
  if (!report) return ["sent.unseen"];
  return [report.replayed ? "sent.twice" : `sent.${report.token}`];
}

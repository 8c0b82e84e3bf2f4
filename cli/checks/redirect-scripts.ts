import { inlineRefusedBy, parsePolicies, refusedBy } from "../content-security-policy.ts";
import type { Page } from "../html.ts";
import { type Answer, type Ask, isScript, shown, typeOf } from "../http.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";

/** MSAL's redirect page needs one script. The server decides how many there are, and each costs time and a request. */
const MOST_SCRIPTS = 10;

/**
 * Checks that the scripts of MSAL's redirect page run: they are served, and its policies allow them.
 *
 * @throws Unreachable
 */
export async function checkScripts(
  ask: Ask,
  { url, headers }: Answer,
  { scripts, policies: inHtml }: Page,
): Promise<Finding> {
  const policies = [headers.get("Content-Security-Policy") ?? "", ...inHtml].flatMap(parsePolicies);
  let elsewhere = 0;
  for (const { src: target, nonce, text } of scripts.slice(0, MOST_SCRIPTS)) {
    const refused = text === null ? null : inlineRefusedBy(policies, text, nonce);
    if (refused)
      return fail(
        "redirect-script",
        url,
        `The redirect page's Content-Security-Policy does not allow its inline script in ${refused}.`,
        `Move the script into a file of the site, or name its hash or its nonce in ${refused}.`,
      );
    if (!target) continue;
    const by = refusedBy(policies, "script-src", target, url, nonce);
    if (by)
      return fail(
        "redirect-script",
        url,
        `The redirect page's Content-Security-Policy does not allow ${shown(target)} in ${by}.`,
        `Serve the redirect page with a policy that allows its script, such as "script-src 'self'".`,
      );
    if (target.origin !== url.origin) {
      elsewhere += 1;
      continue;
    }
    const served = await ask(target);
    if (served.status !== 200 || !isScript(served))
      return fail(
        "redirect-script",
        url,
        `The redirect page's script ${shown(target)} answers ${served.status} with ${typeOf(served)}.`,
        `Copy the redirect page and its script there with "npx bearer-worker init <dir>", and exempt them from rules that answer every path with the site's page.`,
      );
  }
  if (scripts.length > MOST_SCRIPTS)
    return warn(
      "redirect-script",
      url,
      `The redirect page has ${scripts.length} scripts, of which doctor looked at ${MOST_SCRIPTS}.`,
      `Use the page that "npx bearer-worker init <dir>" copies, which has one script.`,
    );
  return pass(
    "redirect-script",
    url,
    elsewhere === 0
      ? "The redirect page loads its script."
      : `The redirect page names ${elsewhere} ${elsewhere === 1 ? "script" : "scripts"} of other origins, which doctor does not ask for.`,
  );
}

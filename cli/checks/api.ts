import { type Answer, ask, isSecure, listOf, redirectOf, shown } from "../http.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import { allowedOrigin, checkPreflight } from "./preflight.ts";

/**
 * What an API has to answer to pages of `origin`, so that they can send a token and read what comes back.
 *
 * @throws Unreachable
 */
export async function checkApi(api: URL, origin: string): Promise<Finding[]> {
  const secure = isSecure(api)
    ? pass("api-secure", api, "is reached over https or localhost")
    : fail("api-secure", api, "is not https, and tokens go nowhere else", "Serve the API over https.");
  const isCrossOrigin = api.origin !== origin;
  const answer = await ask(api, { headers: isCrossOrigin ? { Origin: origin } : {} });
  const answers = checkAnswers(answer);
  const findings = [secure, answers];
  if (!isCrossOrigin || answers.status === "fail") return findings;
  return [
    ...findings,
    ...(await checkPreflight(api, origin)),
    checkAllowOrigin(answer, origin),
    checkCredentials(answer),
    checkChallenge(answer),
  ];
}

function checkAnswers(answer: Answer): Finding {
  const { url, status } = answer;
  const elsewhere = redirectOf(answer);
  if (elsewhere)
    return fail(
      "api-answers",
      url,
      `redirects a request without a token to ${shown(elsewhere)}`,
      `Answer 401 with "WWW-Authenticate: Bearer" instead: a redirect to a sign-in page is for navigations.`,
    );
  if (status >= 500) return fail("api-answers", url, `answers ${status}`, "Mend the API, and try again.");
  if (status === 401 || status === 403 || status === 405)
    return pass("api-answers", url, `answers ${status} to a request without a token`);
  return warn(
    "api-answers",
    url,
    `answers ${status} to a request without a token`,
    "Name a URL with --api that the API serves to nobody without a token.",
  );
}

function checkAllowOrigin(answer: Answer, origin: string): Finding {
  const { url, status, headers } = answer;
  if (allowedOrigin(answer, origin)) return pass("api-allow-origin", url, `lets pages of ${origin} read it`);
  return fail(
    "api-allow-origin",
    url,
    `its answer ${status} has ${headers.has("Access-Control-Allow-Origin") ? "another" : "no"} Access-Control-Allow-Origin, so pages see a network error`,
    `Send "Access-Control-Allow-Origin: ${origin}" with every answer, those with errors like 401 included.`,
  );
}

/** Only an answer to a request with cookies is affected, but which those are the page decides. */
function checkCredentials(answer: Answer): Finding {
  const { url, headers } = answer;
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  if (!allowsCookies || !listOf(answer, "Access-Control-Allow-Origin").includes("*"))
    return pass("api-credentials", url, "agrees with itself on cookies");
  return fail(
    "api-credentials",
    url,
    'sends "Access-Control-Allow-Origin: *" with "Access-Control-Allow-Credentials: true", and browsers refuse the two together',
    "Name the page's origin instead of *, or leave Access-Control-Allow-Credentials out: tokens need no cookies.",
  );
}

/** The wildcard does not count for requests with cookies. */
function checkChallenge(answer: Answer): Finding {
  const { url, headers } = answer;
  const exposed = listOf(answer, "Access-Control-Expose-Headers");
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  if (exposed.includes("www-authenticate") || (exposed.includes("*") && !allowsCookies))
    return pass("api-expose-challenge", url, "exposes WWW-Authenticate");
  const message =
    "does not expose WWW-Authenticate, so a refused token is not renewed and a claims challenge not met";
  const fix = 'Send "Access-Control-Expose-Headers: WWW-Authenticate" with every answer.';
  return headers.has("WWW-Authenticate")
    ? fail("api-expose-challenge", url, message, fix)
    : warn("api-expose-challenge", url, message, fix);
}

import { type Answer, type Ask, isSecure, listOf, redirectOf, shown } from "../http.ts";
import { checkExposeNonce, wantsProofs } from "./dpop.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";
import { allowedOrigin, checkPreflight } from "./preflight.ts";

/**
 * Checks that pages of `origin` can send the API a token and read its answers.
 *
 * @throws Unreachable
 */
export async function checkApi(ask: Ask, api: URL, origin: string): Promise<Finding[]> {
  const secure = isSecure(api)
    ? pass("api-secure", api, "The API is reached over https or localhost.")
    : fail(
        "api-secure",
        api,
        "The API is not served over https, and tokens are sent over https only.",
        "Serve the API over https.",
      );
  const isCrossOrigin = api.origin !== origin;
  const answer = await ask(api, { headers: isCrossOrigin ? { Origin: origin } : {} });
  const answers = checkAnswers(answer);
  const findings = [secure, answers];
  if (!isCrossOrigin || answers.status === "fail") return findings;
  const isBound = wantsProofs(answer);
  return [
    ...findings,
    ...(await checkPreflight(ask, api, origin, isBound)),
    checkAllowOrigin(answer, origin),
    checkCredentials(answer),
    checkChallenge(answer),
    ...(isBound ? [checkExposeNonce(answer)] : []),
  ];
}

function checkAnswers(answer: Answer): Finding {
  const { url, status } = answer;
  const elsewhere = redirectOf(answer);
  if (elsewhere)
    return fail(
      "api-answers",
      url,
      `The API redirects a request without a token to ${shown(elsewhere)}.`,
      `Answer 401 with "WWW-Authenticate: Bearer" instead. A redirect to a sign-in page suits navigations only.`,
    );
  if (status >= 500)
    return fail("api-answers", url, `The API answers ${status}.`, "Repair the API, and run doctor again.");
  if (status === 401 || status === 403 || status === 405)
    return pass("api-answers", url, `The API answers ${status} to a request without a token.`);
  return warn(
    "api-answers",
    url,
    `The API answers ${status} to a request without a token, so the URL is not protected.`,
    "Give --api a URL that the API refuses without a token.",
  );
}

function checkAllowOrigin(answer: Answer, origin: string): Finding {
  const { url, status, headers } = answer;
  if (allowedOrigin(answer, origin))
    return pass("api-allow-origin", url, `The API lets pages of ${origin} read its answer.`);
  return fail(
    "api-allow-origin",
    url,
    `The API's answer ${status} has ${headers.has("Access-Control-Allow-Origin") ? "another" : "no"} Access-Control-Allow-Origin, so pages get a network error.`,
    `Send "Access-Control-Allow-Origin: ${origin}" with every answer, including errors such as 401.`,
  );
}

/** Browsers refuse the pair only for requests with cookies. The page decides which requests carry them. */
function checkCredentials(answer: Answer): Finding {
  const { url, headers } = answer;
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  if (!allowsCookies || !listOf(answer, "Access-Control-Allow-Origin").includes("*"))
    return pass("api-credentials", url, "The API's headers on cookies do not contradict each other.");
  return fail(
    "api-credentials",
    url,
    'The API sends "Access-Control-Allow-Origin: *" with "Access-Control-Allow-Credentials: true", and browsers refuse the two together.',
    "Send the page's origin instead of *, or omit Access-Control-Allow-Credentials: tokens need no cookies.",
  );
}

/** For requests with cookies, browsers ignore the wildcard. */
function checkChallenge(answer: Answer): Finding {
  const { url, headers } = answer;
  const exposed = listOf(answer, "Access-Control-Expose-Headers");
  const allowsCookies = headers.get("Access-Control-Allow-Credentials") === "true";
  if (exposed.includes("www-authenticate") || (exposed.includes("*") && !allowsCookies))
    return pass("api-expose-challenge", url, "The API exposes WWW-Authenticate.");
  const message =
    "The API does not expose WWW-Authenticate, so a refused token is not renewed and a claims challenge is not met.";
  const fix = 'Send "Access-Control-Expose-Headers: WWW-Authenticate" with every answer.';
  return headers.has("WWW-Authenticate")
    ? fail("api-expose-challenge", url, message, fix)
    : warn("api-expose-challenge", url, message, fix);
}

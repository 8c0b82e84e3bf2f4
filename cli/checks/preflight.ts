import { type Answer, type Ask, listOf } from "../http.ts";
import { checkAllowProof, PROOF_HEADER } from "./dpop.ts";
import { fail, type Finding, pass, warn } from "./finding.ts";

/** In seconds. Chromium keeps a preflight for 5 seconds when the API names no time. */
const SHORTEST_CACHED = 60;

/**
 * Sends an API the preflight that a browser sends before a request with a token.
 *
 * @param isBound whether the request has a proof beside its token
 * @throws Unreachable
 */
export async function checkPreflight(
  ask: Ask,
  api: URL,
  origin: string,
  isBound: boolean,
): Promise<Finding[]> {
  const answer = await ask(api, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "GET",
      "Access-Control-Request-Headers": isBound ? `authorization,${PROOF_HEADER}` : "authorization",
    },
  });
  const accepted = checkAccepted(answer, origin);
  if (accepted.status === "fail") return [accepted];
  const allowsProof = isBound ? [checkAllowProof(answer)] : [];
  return [accepted, checkAuthorization(answer), ...allowsProof, checkCached(answer)];
}

/** Whether pages of `origin` may read the answer, cookies apart. */
export function allowedOrigin({ headers }: Answer, origin: string): boolean {
  const allowed = headers.get("Access-Control-Allow-Origin")?.trim();
  return allowed === "*" || allowed === origin;
}

function checkAccepted(answer: Answer, origin: string): Finding {
  const { url, status } = answer;
  if (status < 200 || status > 299)
    return fail(
      "api-preflight",
      url,
      `The API answers ${status} to the preflight (OPTIONS).`,
      status === 401 || status === 403
        ? "Answer OPTIONS before authentication: browsers send no token with a preflight."
        : "Answer OPTIONS with 204 and the Access-Control-Allow headers, without a redirect.",
    );
  if (!allowedOrigin(answer, origin))
    return fail(
      "api-preflight",
      url,
      `The API does not allow ${origin} in its answer to the preflight.`,
      `Send "Access-Control-Allow-Origin: ${origin}" with the answer to OPTIONS. An Authorization header causes a preflight for every cross-origin request.`,
    );
  return pass("api-preflight", url, `The API allows ${origin} in its answer to the preflight.`);
}

/** @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name */
function checkAuthorization(answer: Answer): Finding {
  const { url } = answer;
  const allowed = listOf(answer, "Access-Control-Allow-Headers");
  if (allowed.includes("authorization"))
    return pass("api-allow-authorization", url, "The API allows the Authorization header.");
  return fail(
    "api-allow-authorization",
    url,
    allowed.includes("*")
      ? "The API allows * in Access-Control-Allow-Headers, and * does not cover Authorization."
      : "The API does not allow Authorization in Access-Control-Allow-Headers.",
    'Send "Access-Control-Allow-Headers: Authorization" with the answer to OPTIONS. List it by name, beside the other headers.',
  );
}

function checkCached({ url, headers }: Answer): Finding {
  const seconds = Number(headers.get("Access-Control-Max-Age") ?? 0);
  if (seconds >= SHORTEST_CACHED)
    return pass("api-preflight-cached", url, "The API lets browsers cache the preflight.");
  return warn(
    "api-preflight-cached",
    url,
    "The API does not let browsers cache the preflight, so most requests cost two round trips.",
    'Send "Access-Control-Max-Age: 7200" with the answer to OPTIONS.',
  );
}

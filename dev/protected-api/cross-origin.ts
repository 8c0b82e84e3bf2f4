import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiSettings } from "./api-settings.ts";

const EXPOSED = "Content-Disposition, Content-Range, Date, DPoP-Nonce, ETag";

/** Lets the site's pages read the answer. */
export function allowSite(
  request: IncomingMessage,
  response: ServerResponse,
  siteOrigin: string,
  cors: ApiSettings["cors"],
): void {
  response.setHeader("Vary", "Origin");
  // Lets pages with COEP embed responses to requests without CORS.
  response.setHeader("Cross-Origin-Resource-Policy", "same-site");
  if (cors === "none" || request.headers.origin !== siteOrigin) return;
  response.setHeader("Access-Control-Allow-Origin", cors === "anyone" ? "*" : siteOrigin);
  if (cors !== "anyone") response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader(
    "Access-Control-Expose-Headers",
    cors === "no-challenge" ? EXPOSED : `${EXPOSED}, WWW-Authenticate`,
  );
}

/** Answers a preflight. All requested headers are allowed. */
export function answerPreflight(
  request: IncomingMessage,
  response: ServerResponse,
  cors: ApiSettings["cors"],
): void {
  const asked = (request.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim());
  const allowed = cors === "no-authorization" ? asked.filter((name) => name !== "authorization") : asked;
  response.writeHead(204, {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": allowed.join(", "),
    "Access-Control-Max-Age": "600",
  });
  response.end();
}

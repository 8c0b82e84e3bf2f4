import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { answerControlRequest, isControlRequest } from "../control-routes.ts";
import type { Certificate } from "../loopback-certificate.ts";
import type { IdentityProvider } from "../identity-provider/identity-provider.ts";
import { createAdmission } from "./admission.ts";
import { apiControl, type ApiControls } from "./api-control.ts";
import { defaultApiSettings } from "./api-settings.ts";
import { createTokenVerifier, readAuthorization } from "./bearer-token.ts";
import { allowSite, answerPreflight } from "./cross-origin.ts";
import { createProofVerifier } from "./dpop-proof.ts";
import { createEventStreams } from "./event-stream.ts";
import { answerJson } from "./json-answer.ts";
import { mediaOperations } from "./media.ts";
import type { Operation } from "./operation.ts";
import { ORDER_OPERATIONS } from "./orders.ts";
import {
  digestBody,
  receivedPreflight,
  receivedRequest,
  type ReceivedPreflight,
  type ReceivedRequest,
} from "./received-requests.ts";

/** Two APIs, of `api://orders` and `api://media`, that refuse requests without the right access token. */
export interface ProtectedApi extends ApiControls {
  readonly origin: string;
  /** Fetches the provider's keys, so that tokens can be verified while the provider is stopped. */
  loadKeys(): Promise<void>;
  readonly handle: RequestListener;
}

/** Creates the API for its own origin; `provider` issues the tokens, and pages of `siteOrigin` may read answers. */
export function createProtectedApi(
  origin: string,
  siteOrigin: string,
  provider: Pick<IdentityProvider, "issuer" | "jwksUrl" | "authorizationUrl">,
  certificate?: Certificate,
): ProtectedApi {
  const settings = defaultApiSettings();
  const received: ReceivedRequest[] = [];
  const preflights: ReceivedPreflight[] = [];
  const streams = createEventStreams(settings);
  const verifier = createTokenVerifier(provider.issuer, provider.jwksUrl, certificate);
  const proofs = createProofVerifier(settings);
  const admit = createAdmission(verifier, proofs, settings, provider.authorizationUrl);
  const operations = [...ORDER_OPERATIONS, ...mediaOperations(settings, streams)];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    allowSite(request, response, siteOrigin, settings.cors);
    if (request.method === "OPTIONS") {
      preflights.push(receivedPreflight(request, url));
      return answerPreflight(request, response, settings.cors);
    }

    const { scheme, token } = readAuthorization(request.headers.authorization);
    const { method = "GET", headers } = request;
    const entry = receivedRequest(request, response, url, scheme);
    if (scheme === "dpop") response.setHeader("Date", new Date(proofs.now()).toUTCString());
    received.push(entry);

    // Read the body even of a refused request: a browser that is still sending would see a broken connection.
    entry.body = await digestBody(request);
    await pause(settings.delayMs[url.pathname] ?? 0);

    const operation = findOperation(operations, request, response, url);
    if (!operation) return;
    const proof = headers["dpop"] === undefined ? undefined : String(headers["dpop"]);
    // The site's origin has these paths, too.
    const asked = `${new URL(origin).protocol}//${headers.host}${url.pathname}`;
    const refusal = await admit(operation, { scheme, token, proof, method, url: asked }, entry);
    const nonce = scheme === "dpop" ? proofs.nextNonce() : null;
    if (nonce !== null) response.setHeader("DPoP-Nonce", nonce);
    if (!refusal) return operation.answer({ request, response, body: entry.body, token: entry.token });
    response.setHeader("WWW-Authenticate", refusal.challenge);
    answerJson(response, refusal.status, { error: refusal.reason });
  }

  const api: ProtectedApi = {
    origin,
    received,
    preflights,
    settings,
    async revokeTokens() {
      const nextSecond = Math.floor(Date.now() / 1000) + 1;
      // Wait for the next second: a token issued in this second to replace a refused one would be refused too.
      await pause(nextSecond * 1000 - Date.now());
      settings.revokeTokensIssuedBefore = nextSecond;
    },
    endEventStreams: () => streams.endAll(),
    loadKeys: () => verifier.loadKeys(),
    reset() {
      Object.assign(settings, defaultApiSettings());
      received.length = 0;
      preflights.length = 0;
      proofs.reset();
    },
    handle(request, response) {
      if (isControlRequest(request)) answerControlRequest(control, request, response);
      else answer(request, response).catch((error: unknown) => fail(response, error));
    },
  };
  const control = apiControl(api);
  return api;
}

function findOperation(
  operations: readonly Operation[],
  request: IncomingMessage,
  response: ServerResponse,
  { pathname }: URL,
): Operation | undefined {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const ofPath = operations.filter(({ path }) => path === pathname);
  const found = ofPath.find((operation) => operation.method === method || operation.method === "any");
  if (found) return found;
  if (ofPath.length > 0) response.setHeader("Allow", ofPath.map((operation) => operation.method).join(", "));
  answerJson(response, ofPath.length > 0 ? 405 : 404, { error: `no ${method} ${pathname}` });
  return undefined;
}

/** A client that leaves while sending is not a failure. Any other error is a defect of this API. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return;
  console.error(error);
  if (response.headersSent) response.destroy();
  else answerJson(response, 500, { error: "the API failed" });
}

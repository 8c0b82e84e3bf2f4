import type { WantedProof } from "../protocol/questions.ts";
import { createProof } from "./dpop-proof.ts";
import type { DpopServers } from "./dpop-servers.ts";
import type { RequestMatch } from "./request-matcher.ts";
import type { Credentials, TokenFound } from "./token-result.ts";

/** The parts of a realm that credentials are made of. */
export interface CredentialParts {
  readonly dpopServers: DpopServers;
  /**
   * Asks the page to sign for a request, where the page has the key. Never rejects.
   *
   * @returns the proof with its token, which can be newer than the one at hand, or of another account since the page has
   * switched; `null` when there is none
   */
  readonly askForProof: (proof: WantedProof) => Promise<Credentials | null>;
}

/**
 * The credentials of one request. A DPoP token gets a new proof each time.
 *
 * @returns `null` when no proof can be had, or the token is of another type than the map asks for
 */
export async function credentialsFor(
  { method, url }: Pick<Request, "method" | "url">,
  { accessToken, account, signer }: TokenFound,
  { server, tokenType }: RequestMatch,
  { dpopServers, askForProof }: CredentialParts,
): Promise<Credentials | null> {
  if ((signer !== undefined) !== (tokenType !== undefined)) return null;
  if (!signer) return { accessToken, proof: null, account };
  const { nonce, now } = dpopServers.next(server);
  if (signer === "page") return await askForProof({ method, nonce });
  const proof = await createProof(signer, { method, url, accessToken, nonce, now });
  return { accessToken, proof, account };
}

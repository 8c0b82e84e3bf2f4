import { BearerWorkerError } from "../../protocol/errors.ts";
import type { ResourceMatch } from "../../protocol/resource-matcher.ts";
import type { AccessToken } from "../token-source.ts";

/**
 * Checks that a token has the type that the map asks for. A provider that cannot bind tokens to a key answers with a bearer
 * token, which would be sent without protection.
 *
 * @throws BearerWorkerError `unsupported_token_type`
 */
export function checkTokenType({ signer }: AccessToken, { tokenType }: ResourceMatch): void {
  if (tokenType === undefined && signer) throw wrong("bound to a key, and the map asks for a bearer token");
  if (tokenType !== undefined && !signer) throw wrong("a bearer token, and the map asks for a DPoP token");
  if (typeof signer !== "object") return;
  const { algorithm, extractable } = signer.privateKey;
  if (extractable) throw wrong("bound to a key that scripts can read. Make the key non-extractable");
  if ((algorithm as Partial<EcKeyAlgorithm>).namedCurve !== "P-256")
    throw wrong("bound to a key of an unknown kind. Make a key of ECDSA on the curve P-256");
}

const wrong = (problem: string): BearerWorkerError =>
  new BearerWorkerError("unsupported_token_type", `The identity library gave a token that is ${problem}.`);

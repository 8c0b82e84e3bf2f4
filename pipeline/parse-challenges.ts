/** One challenge of a `WWW-Authenticate` field. Names of schemes and parameters are in lower case. */
export interface SchemeChallenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * A token with the text that may follow it: a value, quoted or not, which makes the token a parameter; or, behind a
 * scheme's name, credentials such as `dG9rZW4=`, or nothing.
 *
 * A value without quotes has to be a token by the RFC. Microsoft Graph, Azure Storage and Dataverse send a URL or a sentence
 * so. Such a value ends at a comma, or at a blank before the next parameter. It has to be read whole: the rest of it would
 * pass for a scheme, which takes the parameters that follow.
 */
const PIECE =
  /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+(?:\s+[^\s,"=]+(?=[\s,]|$))*))| +[\w.~+/-]+=*(?=\s*(?:,|$)))?/g;

/**
 * Splits a `WWW-Authenticate` field into schemes with their parameters. Names count without case, and blanks around `=` are
 * read over. A parameter that comes twice keeps its first value.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 */
export function parseChallenges(field: string): SchemeChallenge[] {
  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = [];
  for (const [, token = "", quoted, plain] of field.matchAll(PIECE)) {
    const name = token.toLowerCase();
    const value = quoted?.replace(/\\(.)/gs, "$1") ?? plain;
    const parameters = challenges.at(-1)?.parameters;
    if (value === undefined) challenges.push({ scheme: name, parameters: new Map() });
    else if (!parameters?.has(name)) parameters?.set(name, value);
  }
  return challenges;
}

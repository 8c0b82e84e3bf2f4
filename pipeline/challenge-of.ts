/**
 * The `WWW-Authenticate` field with which a resource server refused a request's token, or `null`. After a redirect to
 * another origin the response says nothing about the token, which did not go along.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export const challengeOf = (request: Request, response: Response): string | null =>
  response.status === 401 && response.url.startsWith(`${new URL(request.url).origin}/`)
    ? response.headers.get("WWW-Authenticate")
    : null;

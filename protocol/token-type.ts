/** The type of an access token that is bound to a key. @see https://www.rfc-editor.org/rfc/rfc9449 */
export type BoundTokenType = "DPoP";

/** The origin that a request is sent to. */
export const serverOf = ({ url }: Pick<Request, "url">): string => new URL(url).origin;

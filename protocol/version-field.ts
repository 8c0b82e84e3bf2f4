/**
 * The header in which a worker tells its version of the protocol, in answer to a request for `forgetUrl`. In a file of
 * its own, since a page looks at it only once it is attached.
 */
export const VERSION_FIELD = "bearer-worker";

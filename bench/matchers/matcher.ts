/** A map's keys. Each key has the scope `read`. */
export type Keys = readonly string[];

/** Prepares keys once, as a site would. The result decides whether one of the keys protects the URL of a GET. */
export type PrepareMatcher = (keys: Keys) => (url: string) => boolean;

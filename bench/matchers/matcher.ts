/** A map's keys; each asks for the scope `read`. */
export type Keys = readonly string[];

/** Prepares keys as its users would, once, and decides for the URL of a GET whether one of them protects it. */
export type PrepareMatcher = (keys: Keys) => (url: string) => boolean;

// The resources that this release of the site protects in addition. The server replaces this file by other releases.
globalThis.added = {};

// What this release of the site protects beyond the last one. The server puts other releases in its place.
globalThis.added = {};

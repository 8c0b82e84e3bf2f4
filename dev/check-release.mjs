// @ts-check
// Checks that a tag may be released: `node dev/check-release.mjs v1.2.3`. Prints every obstacle, and exits with 1 if there is one.
import { readFileSync } from "node:fs";

const [tag = ""] = process.argv.slice(2);
const problems = problemsOf(tag, readRoot("package.json"), readRoot("CHANGELOG.md"));
for (const problem of problems) console.error(problem);
if (problems.length) process.exit(1);
console.log(`${tag} may be published.`);

/**
 * @param {string} tag
 * @param {string} manifest
 * @param {string} changelog
 */
function problemsOf(tag, manifest, changelog) {
  const { version } = /** @type {{ version: string }} */ (JSON.parse(manifest));
  const [, newest = "nothing", date = ""] = /^## (\S+)(?: - (\S+))?/m.exec(changelog) ?? [];
  return [
    ...(/^v\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(tag) ? [] : [`"${tag}" is no tag of a release: write v1.2.3`]),
    ...(tag === `v${version}` ? [] : [`The tag is ${tag}, and package.json has version ${version}`]),
    ...(newest === version ? [] : [`CHANGELOG.md begins with "${newest}", not with ${version}`]),
    ...(newest !== version || /^\d{4}-\d{2}-\d{2}$/.test(date)
      ? []
      : [`CHANGELOG.md has no date for ${version}`]),
  ];
}

/** @param {string} name */
function readRoot(name) {
  return readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
}

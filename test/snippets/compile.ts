import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathOf, type Snippet } from "./snippets.ts";

/** A file as the compiler gets it: where the snippet stands is told by its name. */
interface Source {
  readonly snippet: Snippet;
  readonly language: "js" | "ts" | "tsx";
  readonly code: string;
}

const REALMS = {
  page: ["ES2023", "DOM", "DOM.Iterable"],
  worker: ["ES2023", "WebWorker", "WebWorker.Iterable"],
};
type Realm = keyof typeof REALMS;

/** A snippet that names a file `sw.ts` or `sw.js` is a service worker's. */
const realmOf = ({ file }: Snippet): Realm => (/\bsw\.\w+$/.test(file ?? "") ? "worker" : "page");

/** The compiled part of a snippet: all of it, or the inline scripts of HTML. */
export function sourcesOf(snippet: Snippet): Source[] {
  const { language, code } = snippet;
  if (language === "js" || language === "ts" || language === "tsx") return [{ snippet, language, code }];
  if (language !== "html") return [];
  return [...code.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script = ""]) => ({
    snippet,
    language: "js",
    code: script,
  }));
}

/**
 * Compiles sources against the declarations of the built package, under the options of this repository, each as a module
 * of its own. Scripts may leave out what JavaScript cannot say: that something is not null.
 *
 * @param folder within this repository, so that the package's name leads to what was built
 * @returns the compiler's messages, each with the place of its snippet
 */
export const compile = (sources: readonly Source[], folder: string): string[] =>
  (["page", "worker"] as const).flatMap((realm) =>
    [true, false].flatMap((isScript) => {
      const members = sources.filter(
        ({ snippet, language }) => realmOf(snippet) === realm && (language === "js") === isScript,
      );
      return compileTogether(members, realm, isScript, join(folder, `${realm}-${isScript ? "js" : "ts"}`));
    }),
  );

function compileTogether(
  sources: readonly Source[],
  realm: Realm,
  isScript: boolean,
  directory: string,
): string[] {
  mkdirSync(directory, { recursive: true });
  const names = sources.map(
    ({ snippet, language }, i) => `${i}-${snippet.place.replaceAll(/\W+/g, "-")}.${language}`,
  );
  for (const [i, name] of names.entries()) writeFileSync(join(directory, name), sources[i]?.code ?? "");
  const project = {
    extends: pathOf("tsconfig.base.json"),
    compilerOptions: {
      lib: REALMS[realm],
      allowJs: true,
      checkJs: true,
      jsx: "preserve",
      moduleDetection: "force",
      noEmit: true,
      noUnusedLocals: false,
      noUnusedParameters: false,
      strictNullChecks: !isScript,
      exactOptionalPropertyTypes: !isScript,
    },
    files: [...names, ...[realm, "libraries"].map((name) => pathOf(`test/snippets/globals/${name}.d.ts`))],
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(project));
  const compiler = pathOf("node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, "-p", directory, "--pretty", "false"],
    { cwd: directory, encoding: "utf8" },
  );
  if (status !== 0 && !stdout) throw new Error(`The compiler did not run: ${stderr}`);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [, index = ""] = /^(\d+)-/.exec(line) ?? [];
      return `${sources[Number(index)]?.snippet.place ?? realm}: ${line}`;
    });
}

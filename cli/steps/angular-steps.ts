import type { Project } from "../project/project.ts";
import { CONFIGURATION, indented, options, redirectUriLine } from "./configuration.ts";
import type { Step } from "./step.ts";

/** A provider that Angular awaits before the first component, and the entry of angular.json if it lacks one. */
export function angularSteps({ manifest, source }: Project, base: string): Step[] {
  const hasMsalAngular = manifest.packages.has("@azure/msal-angular");
  const has = {
    initializer: majorOf(manifest.packages.get("@angular/core")) >= FIRST_WITH_FUNCTION,
    msalAngular: hasMsalAngular,
  };
  const { entry, added, asset } = source;
  return [
    ...(asset
      ? [
          {
            text: `Add this to the "assets" of the project "${asset.project}", in the "options" of "build" in ${asset.file}. The files are then served at the root of the site, and not only below /assets/:`,
            code: JSON.stringify({ glob: "bearer-*", input: asset.input, output: "/" }, null, 1).replaceAll(
              /\n\s*/g,
              " ",
            ),
          },
        ]
      : []),
    ...(hasMsalAngular
      ? [
          {
            text: "Set these in the configuration of your MSAL_INSTANCE:",
            code: `${redirectUriLine(base)}\nconst configuration = ${CONFIGURATION};`,
          },
        ]
      : []),
    { text: `Write ${added}:`, code: provider(has, base) },
    {
      text: `In ${entry}, import provideTokens from that file, and add provideTokens() to the providers.`,
      code: "",
    },
  ];
}

/** Of Angular: has `provideAppInitializer`. */
const FIRST_WITH_FUNCTION = 19;

/** A range without a number, such as "latest", is the newest. */
const majorOf = (range: string | undefined): number => Number(/\d+/.exec(range ?? "")?.[0] ?? Infinity);

function provider(
  has: { readonly initializer: boolean; readonly msalAngular: boolean },
  base: string,
): string {
  const core = [
    ...(has.msalAngular ? ["inject"] : []),
    has.initializer ? "provideAppInitializer" : "APP_INITIALIZER",
  ];
  const imports = [
    `import { ${core.toSorted((a, b) => a.localeCompare(b)).join(", ")} } from "@angular/core";`,
    has.msalAngular
      ? 'import { MSAL_INSTANCE } from "@azure/msal-angular";'
      : 'import { PublicClientApplication } from "@azure/msal-browser";',
    'import { attachTokens } from "bearer-worker";',
  ].join("\n");
  const instance = has.msalAngular
    ? ""
    : `${redirectUriLine(base)}\nexport const msal = new PublicClientApplication(${CONFIGURATION});\n\n`;
  return `${imports}\n\n${instance}${has.initializer ? byFunction(has.msalAngular, base) : byToken(has.msalAngular, base)}`;
}

const byFunction = (isInjected: boolean, base: string): string => `export const provideTokens = () =>
  provideAppInitializer(() =>
    attachTokens(${isInjected ? "inject(MSAL_INSTANCE)" : "msal"}, ${indented(options(base), 4)}).catch(reportError),
  );`;

const byToken = (isInjected: boolean, base: string): string => `export const provideTokens = () => ({
  provide: APP_INITIALIZER,
  multi: true,
  useFactory: () => {${isInjected ? "\n    const msal = inject(MSAL_INSTANCE);" : ""}
    return () => attachTokens(msal, ${indented(options(base), 4)}).catch(reportError);
  },
});`;

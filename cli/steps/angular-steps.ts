import type { Project } from "../project/project.ts";
import { CONFIGURATION, indented, options, redirectUriLine } from "./configuration.ts";
import type { Step } from "./step.ts";

/** A provider that attaches tokens before the first component, and the entry of angular.json if it lacks one. */
export function angularSteps({ manifest, source }: Project, base: string): Step[] {
  const hasMsalAngular = manifest.packages.has("@azure/msal-angular");
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
            text: "Set these in the function that makes your MSAL_INSTANCE:",
            code: `${redirectUriLine(base)}\nconst configuration = ${CONFIGURATION};`,
          },
        ]
      : []),
    { text: `Write ${added}:`, code: hasMsalAngular ? withMsalAngular(base) : withMsal(base) },
    {
      text: `In ${entry}, import provideTokens from that file, and add provideTokens() to the providers.`,
      code: "",
    },
  ];
}

const withMsalAngular = (base: string): string => `import { MSAL_INSTANCE } from "@azure/msal-angular";
import { provideTokenAttachment } from "bearer-worker/angular";

export const provideTokens = () => provideTokenAttachment(MSAL_INSTANCE, ${options(base)});`;

/** A server that renders pages imports this file, and has no `location`. */
const withMsal = (base: string): string => `import { InjectionToken } from "@angular/core";
import { PublicClientApplication } from "@azure/msal-browser";
import { provideTokenAttachment } from "bearer-worker/angular";

/** The MSAL instance, made when it is first injected. A server that renders pages makes none. */
export const MSAL = new InjectionToken("MSAL", {
  providedIn: "root",
  factory: () => {
    ${redirectUriLine(base)}
    return new PublicClientApplication(${indented(CONFIGURATION, 4)});
  },
});

export const provideTokens = () => provideTokenAttachment(MSAL, ${options(base)});`;

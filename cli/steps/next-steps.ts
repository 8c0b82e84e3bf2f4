import type { Msal } from "../project/msal.ts";
import type { Project } from "../project/project.ts";
import { angularSteps } from "./angular-steps.ts";
import { nextSteps } from "./next-component-steps.ts";
import { moduleSteps, scriptTagSteps } from "./script-steps.ts";
import type { Step } from "./step.ts";

/** Describes all steps after the files are in place: the lines to print. */
export function describeNextSteps(
  directory: string,
  project: Project | null,
  isBundled: boolean,
  msal: Msal | null,
): string[] {
  const base = project?.base ?? "/";
  const missing = [
    ...(project && !project.manifest.packages.has("bearer-worker") ? ["bearer-worker"] : []),
    ...(msal && !msal.range && !msal.installed ? ["@azure/msal-browser"] : []),
  ];
  const steps: Step[] = [
    ...(missing.length > 0 ? [{ text: "Install:", code: `npm install ${missing.join(" ")}` }] : []),
    ...(project && project.base === null
      ? [
          {
            text: `Look up the path below which your site is served. Your configuration computes it, so these lines take it for "/". For another path, such as "/shop/", write "/shop/bearer-redirect.html" for "/bearer-redirect.html", and give attachTokens the option serviceWorker: "/shop/bearer-sw.js".`,
            code: "",
          },
        ]
      : []),
    {
      text: `Register ${base}bearer-redirect.html, with your site's origin, as a redirect URI of a single-page application.`,
      code: "",
    },
    ...codeSteps(project, isBundled, base),
    { text: `Sign users in ${signIn(project)}. Requests to /api/ then carry their token.`, code: "" },
    {
      text: 'Once the site is served, run "bearer-worker doctor <url>". It finds headers and policies that keep requests from getting tokens.',
      code: "",
    },
  ];
  const site = project
    ? `${project.name}, whose folder of static files is ${directory}`
    : `a site whose root is ${directory}`;
  return [
    "",
    `Next steps, for ${site}:`,
    ...steps.flatMap(({ text, code }, index) => [
      `${index + 1}. ${text}`,
      ...(code ? ["", ...code.split("\n"), ""] : []),
    ]),
  ];
}

function signIn(project: Project | null): string {
  if (project?.framework === "next") return "with msal?.loginPopup()";
  return project?.manifest.packages.has("@azure/msal-angular")
    ? "with your MsalService"
    : project?.framework === "angular"
      ? "with inject(MSAL).loginPopup()"
      : "with msal.loginPopup()";
}

function codeSteps(project: Project | null, isBundled: boolean, base: string): Step[] {
  if (!isBundled) return scriptTagSteps();
  if (project?.framework === "angular") return angularSteps(project, base);
  const { entry = null, added = null, isTyped = false } = project?.source ?? {};
  if (project?.framework === "next" && entry && added)
    return nextSteps(
      { entry, added, isTyped },
      /_app\.\w+$/.test(entry) ? "<Component {...pageProps} />" : "{children}",
      base,
    );
  return moduleSteps(entry, base);
}

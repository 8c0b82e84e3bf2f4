import { CONFIGURATION, indented, options, redirectUriLine } from "./configuration.ts";
import type { Step } from "./step.ts";

/** The script tags of a page without a bundler. */
export const scriptTagSteps = (): Step[] => [
  {
    text: "Add this to your pages; with a bundler, see init --bundler:",
    code: `<script src="/bearer-page.js"></script>
<script>
  ${redirectUriLine("/")}
  const msal = new bearerWorker.PublicClientApplication(${indented(CONFIGURATION, 2)});
  bearerWorker.attachTokens(msal, ${indented(options("/"), 2)});
</script>`,
  },
];

/**
 * The lines of a module that is bundled. They have no `await` at the top level, which some targets of bundlers lack.
 *
 * @param file the file that starts the app; null if it was not found
 */
export const moduleSteps = (file: string | null, base: string): Step[] => [
  {
    text: `Add this to ${file ?? "the script that starts your app"}. If you have an MSAL instance already, add to its configuration what is missing:`,
    code: `import { PublicClientApplication } from "@azure/msal-browser";
import { attachTokens } from "bearer-worker";

${redirectUriLine(base)}
export const msal = new PublicClientApplication(${CONFIGURATION});

attachTokens(msal, ${options(base)})
  .catch(reportError)
  .finally(() => {
    // Start your app here: its requests have tokens now.
  });`,
  },
];

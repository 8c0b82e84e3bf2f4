/** The pages of the site, as the reader looks for them. A page of `docs/` that no group names fails the build. */
export const GROUPS = [
  {
    text: "Start",
    pages: {
      "docs/getting-started.md": "Getting started",
      "docs/integrations.md": "Vite, React, Angular, Next.js",
      "docs/how-it-works.md": "How it works",
      "docs/limits.md": "Limits",
      "docs/entra.md": "The demo with your tenant",
    },
  },
  {
    text: "Move",
    pages: {
      "docs/moving-from-acquire-token-silent.md": "From acquireTokenSilent and axios",
      "docs/moving-from-msal-angular.md": "From msal-angular",
      "docs/moving-from-oidc-client.md": "From @axa-fr/oidc-client",
      "docs/moving-from-older-msal.md": "From MSAL 2, 3 or 4",
    },
  },
  {
    text: "Use",
    pages: {
      "docs/recipes.md": "Recipes",
      "docs/interaction.md": "Dialog, popup and redirect",
      "docs/testing.md": "Test your site",
      "docs/other-workers.md": "Beside other service workers",
      "docs/several-apps.md": "Several apps, deployments",
    },
  },
  {
    text: "When something is wrong",
    pages: {
      "docs/troubleshooting.md": "Troubleshooting",
      "docs/inspector.md": "The inspector",
      "docs/command-line.md": "init, doctor, remove",
    },
  },
  {
    text: "Look up",
    pages: {
      "docs/api.md": "Options and API",
      "docs/engines.md": "Requests by engine",
      "docs/msal-versions.md": "MSAL 3, 4 and 5",
      "docs/performance.md": "Performance",
      "CHANGELOG.md": "Changelog",
    },
  },
  {
    text: "Security",
    pages: {
      "docs/security-review.md": "For your security review",
      "docs/security.md": "Threat model",
      "SECURITY.md": "Report a hole",
    },
  },
  {
    text: "Contribute",
    collapsed: true,
    pages: {
      "CONTRIBUTING.md": "Contributing",
      "docs/architecture.md": "Architecture",
      "docs/protocol.md": "Protocol",
      "docs/decisions/README.md": "Decisions",
      "docs/releasing.md": "Releasing",
    },
  },
];

/** The site's front page. */
export const HOME = "dev/docs-site/index.md";

/** The page's path in the site: `docs/api.md` is `api.md`, and a folder's README its index. */
export const sitePathOf = (file) =>
  file === HOME
    ? "index.md"
    : file
        .replace(/^docs\//, "")
        // A system that takes no notice of capitals would have one page in the place of the other.
        .replace("SECURITY.md", "report-a-hole.md")
        .replace(/README\.md$/, "index.md")
        .replace(/^[A-Z]+\.md$/, (name) => name.toLowerCase());

/** The page's address in the site. */
export const addressOf = (file) => `/${sitePathOf(file).replace(/(?:index)?\.md$/, "")}`;

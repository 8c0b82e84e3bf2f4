import { build, type Plugin } from "esbuild";

/**
 * Stands in for the parts of Angular that msal-angular's published bundle imports. Its interceptor runs without them:
 * declarations for Angular's linker do nothing, and the rest are classes without instances.
 */
const ANGULAR = `
  const nothing = () => undefined;
  const decorator = () => nothing;
  class Unused {}
  export { decorator as Inject, decorator as Optional, decorator as Injectable, decorator as Component, decorator as NgModule };
  export {
    nothing as \u0275\u0275ngDeclareFactory, nothing as \u0275\u0275ngDeclareInjectable, nothing as \u0275\u0275ngDeclareClassMetadata,
    nothing as \u0275\u0275ngDeclareComponent, nothing as \u0275\u0275ngDeclareNgModule, nothing as \u0275\u0275ngDeclareInjector,
  };
  export const \u0275\u0275FactoryTarget = {};
  export { Unused as InjectionToken, Unused as Location, Unused as Router, Unused as CommonModule, Unused as NgZone };
  export const DOCUMENT = {};
`;

const withoutAngular: Plugin = {
  name: "without-angular",
  setup(bundler) {
    bundler.onResolve({ filter: /^@angular\// }, ({ path }) => ({ path, namespace: "angular" }));
    bundler.onLoad({ filter: /.*/, namespace: "angular" }, () => ({ contents: ANGULAR }));
  },
};

/** Bundles the script of the matchers' page. */
export async function buildMatchers(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["bench/matchers/page.ts"],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    minifySyntax: true,
    plugins: [withoutAngular],
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

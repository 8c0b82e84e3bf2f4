import { build, type Plugin } from "esbuild";

/**
 * What msal-angular's published bundle imports of Angular, as far as its interceptor runs without: declarations for
 * Angular's linker do nothing, and all else is a class that nobody makes.
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

/** Bundles what the page of the matchers runs. */
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

/** The parts of libraries that snippets of the documentation use, and that are not installed here. */
declare module "vue" {
  interface App {
    provide(key: string, value: unknown): App;
    mount(selector: string): unknown;
  }
  export function createApp(component: object): App;
}

declare module "*.vue" {
  const component: object;
  export default component;
}

declare module "svelte" {
  export function mount(component: object, options: { target: Element }): unknown;
}

declare module "*.svelte" {
  const component: object;
  export default component;
}

declare module "@opentelemetry/api" {
  interface Span {
    setStatus(status: { code: SpanStatusCode }): Span;
    end(endTime?: number): void;
  }
  interface SpanOptions {
    readonly kind?: SpanKind;
    readonly startTime?: number;
    readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>;
  }
  export enum SpanKind {
    CLIENT = 2,
  }
  export enum SpanStatusCode {
    ERROR = 2,
  }
  export const trace: {
    getTracer(name: string): { startSpan(name: string, options: SpanOptions): Span };
  };
}

declare module "@auth0/auth0-spa-js" {
  interface Request {
    readonly authorizationParams: { readonly audience: string; readonly scope: string };
  }
  export interface Auth0Client {
    getTokenSilently(
      options: Request & { cacheMode: "on" | "off"; detailedResponse: true },
    ): Promise<{ access_token: string }>;
    getTokenWithPopup(options: Request): Promise<string | undefined>;
    loginWithRedirect(options: Request & { appState?: unknown }): Promise<void>;
    handleRedirectCallback<AppState>(): Promise<{ appState?: AppState }>;
    getUser(): Promise<{ sub?: string } | undefined>;
  }
}

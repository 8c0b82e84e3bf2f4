import {
  APP_INITIALIZER,
  type EnvironmentProviders,
  ErrorHandler,
  inject,
  InjectionToken,
  makeEnvironmentProviders,
  PLATFORM_ID,
  type ProviderToken,
} from "@angular/core";
import type { IPublicClientApplication } from "@azure/msal-browser";
import {
  type AttachOptions,
  attachTokens,
  type MsalOptions,
  type TokenAttachment,
  type TokenSource,
} from "bearer-worker";

/** The options of `attachTokens`, or a function that gives them and may `inject`. */
export type TokenAttachmentOptions = (AttachOptions & MsalOptions) | (() => AttachOptions & MsalOptions);

/**
 * The attachment, for `inject`. It is a promise, since it exists before tokens are attached. It never settles on a server, and
 * rejects if attaching failed.
 */
export const TOKEN_ATTACHMENT = new InjectionToken<Promise<TokenAttachment>>(
  "bearer-worker TOKEN_ATTACHMENT",
);

/**
 * Attaches tokens before Angular starts the first component, route or guard. MSAL has handled a redirect response by then, so
 * msal-angular's guard and `MsalRedirectComponent` find the user who has just signed in. If attaching fails, Angular's
 * `ErrorHandler` hears it, and the application starts without tokens. A server attaches nothing.
 *
 * @param source the token of an MSAL instance, such as msal-angular's `MSAL_INSTANCE`, or of another `TokenSource`
 * @param options the options of `attachTokens`, or a function that gives them
 */
export function provideTokenAttachment(
  source: ProviderToken<IPublicClientApplication | TokenSource>,
  options: TokenAttachmentOptions,
): EnvironmentProviders {
  return makeEnvironmentProviders([
    {
      provide: TOKEN_ATTACHMENT,
      useFactory: (): Promise<TokenAttachment> => {
        if (inject(PLATFORM_ID) !== "browser") return new Promise(() => undefined);
        return attach(inject(source), typeof options === "function" ? options() : options);
      },
    },
    {
      // `provideAppInitializer` does the same, from Angular 19 on.
      provide: APP_INITIALIZER,
      multi: true,
      useFactory: () => {
        const isBrowser = inject(PLATFORM_ID) === "browser";
        const errors = inject(ErrorHandler);
        const attachment = inject(TOKEN_ATTACHMENT);
        return async (): Promise<void> => {
          if (isBrowser) await attachment.catch((error: unknown) => errors.handleError(error));
        };
      },
    },
  ]);
}

const attach = (
  source: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
): Promise<TokenAttachment> =>
  "acquireSilent" in source ? attachTokens(source, options) : attachTokens(source, options);

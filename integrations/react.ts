"use client";

import type { IPublicClientApplication } from "@azure/msal-browser";
import {
  type AttachOptions,
  attachTokens,
  type MsalOptions,
  type TokenAttachment,
  type TokenSource,
} from "bearer-worker";
import {
  createContext,
  createElement,
  Fragment,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from "react";

/** The properties of `AttachTokens`. */
export interface AttachTokensProps {
  /** An MSAL instance, or another `TokenSource`. It has to be the same object in each render. */
  readonly source: IPublicClientApplication | TokenSource;
  /** The options of `attachTokens`. They are read once for each source: a changed map counts after the page is loaded anew. */
  readonly options: AttachOptions & MsalOptions;
  /** Is shown until tokens are attached, and by a server. Default: nothing. */
  readonly fallback?: ReactNode;
  /** Hears why attaching failed. Default: the console does. */
  readonly onError?: (error: unknown) => void;
  readonly children?: ReactNode;
}

/** The result for a source. `attachment` is null if attaching failed. */
interface Settled {
  readonly source: object;
  readonly attachment: TokenAttachment | null;
}

const Attachment = createContext<TokenAttachment | null>(null);

/**
 * Attaches tokens, and renders its children once their requests will have them. If attaching fails, the children are
 * rendered all the same, and their requests go out without a token. `StrictMode` attaches once.
 */
export function AttachTokens({
  source,
  options,
  fallback,
  onError = console.error,
  children,
}: AttachTokensProps): ReactElement {
  const [settled, setSettled] = useState<Settled | null>(null);
  useEffect(() => {
    let isOver = false;
    const settle = (attachment: TokenAttachment | null): void => setSettled({ source, attachment });
    attach(source, options).then(
      (attachment) => {
        if (!isOver) settle(attachment);
      },
      (error: unknown) => {
        if (isOver) return;
        settle(null);
        onError(error);
      },
    );
    // The attachment stays, since it is the page's. StrictMode gets the same one in its second effect.
    return () => {
      isOver = true;
    };
  }, [source]);
  if (settled?.source !== source) return createElement(Fragment, null, fallback);
  return createElement(Attachment.Provider, { value: settled.attachment }, children);
}

/** The attachment of the `AttachTokens` around a component; `null` if attaching failed, and outside of `AttachTokens`. */
export function useTokenAttachment(): TokenAttachment | null {
  return useContext(Attachment);
}

const attach = (
  source: IPublicClientApplication | TokenSource,
  options: AttachOptions & MsalOptions,
): Promise<TokenAttachment> =>
  "acquireSilent" in source ? attachTokens(source, options) : attachTokens(source, options);

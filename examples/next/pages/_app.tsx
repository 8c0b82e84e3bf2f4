import type { AppProps } from "next/app";
import { Tokens } from "../tokens";

export default function App({ Component, pageProps }: AppProps) {
  return (
    <Tokens>
      <Component {...pageProps} />
    </Tokens>
  );
}

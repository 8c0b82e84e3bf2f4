import type { ReactNode } from "react";
import { Tokens } from "../tokens";

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <script src="/demo-config.js" />
      </head>
      <body>
        <Tokens>{children}</Tokens>
      </body>
    </html>
  );
}

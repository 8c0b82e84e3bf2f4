import type { NextConfig } from "next";

// The local stack serves files. A site with a server of Next.js omits both lines.
const config: NextConfig = { output: "export", distDir: "dist" };
export default config;

import { bearerWorker } from "bearer-worker/vite";
import { defineConfig } from "vite";

// The plugin serves the worker and MSAL's redirect page.
export default defineConfig({ plugins: [bearerWorker()] });

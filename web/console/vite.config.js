/**
 * Builds the console into the folder the service serves it from; the result is committed, so that
 * nobody needs Node to install it, and holds no time, path or random name, so that a rebuild gives
 * the same bytes.
 */

import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  build: {
    outDir: process.env.NAVMATCH_CONSOLE_OUT || "../../api/static/console",
    emptyOutDir: true,
    target: "chrome86",
    cssTarget: "chrome86",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});

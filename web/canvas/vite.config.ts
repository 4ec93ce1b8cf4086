// How the canvas is built: one module and one style sheet, the same bytes on every machine. No source map: it holds paths.
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  logLevel: "warn",
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    target: "es2022",
    emptyOutDir: false,
    cssCodeSplit: false,
    modulePreload: false,
    sourcemap: false,
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      input: "src/main.tsx",
      preserveEntrySignatures: "strict",
      onwarn: (warning, warn) => { if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning); }, // React Flow's "use client"
      output: { format: "es", codeSplitting: false, entryFileNames: "main.js", assetFileNames: "main[extname]" },
    },
  },
});

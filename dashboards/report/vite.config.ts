import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The report's script: one classic script that html-page.ts writes into the page. */
export default defineConfig({
  root: path('.'),
  build: {
    outDir: path('../../dist/report'),
    // tsc writes there too.
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: path('src/main.ts'), formats: ['iife'], name: 'mienReport', fileName: () => 'page.js' },
  },
});

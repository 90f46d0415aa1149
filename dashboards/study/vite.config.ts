import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The script of a study's report: one classic script that study/report/study-page.ts writes into the page. */
export default defineConfig({
  root: path('.'),
  build: {
    outDir: path('../../dist/study/report'),
    // tsc writes there too.
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: path('src/main.ts'), formats: ['iife'], name: 'mienStudy', fileName: () => 'page.js' },
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { themePlugin } from '../shared/theme-plugin.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The page of `mien review`. */
export default defineConfig({
  root: path('.'),
  // Relative: the page is behind a token in its path.
  base: './',
  plugins: [themePlugin()],
  build: {
    outDir: path('../../dist/review-page'),
    emptyOutDir: true,
    target: 'es2022',
    // The server's content security policy allows no inline or data: parts.
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { themeSheet } from '../../src/report/styles.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The colours of the report, as a style sheet: one palette for both pages. */
function theme(): Plugin {
  const name = 'virtual:theme.css';
  const id = '/mien-theme.css';
  return {
    name: 'mien-theme',
    resolveId: (source) => (source === name ? id : null),
    load: (source) => (source === id ? themeSheet() : null),
  };
}

/** Where `npm run dev` has mien listen. */
const mien = `http://127.0.0.1:${process.env.MIEN_SERVER__PORT ?? '7420'}`;

export default defineConfig({
  root: path('.'),
  // Relative, so that the page works behind any path of a proxy.
  base: './',
  plugins: [theme()],
  // The page keeps its own host name on the way to mien, which takes it for a page of its own.
  server: { proxy: { '/api': mien, '/ws': { target: mien, ws: true } } },
  build: {
    outDir: path('../../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // The server's content security policy allows no inline or data: parts.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
});

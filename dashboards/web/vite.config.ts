import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { themePlugin } from '../shared/theme-plugin.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Where `npm run dev` has mien listen. */
const mien = `http://127.0.0.1:${process.env.MIEN_SERVER__PORT ?? '7420'}`;

export default defineConfig({
  root: path('.'),
  // Relative, so that the page works behind any path of a proxy.
  base: './',
  plugins: [themePlugin()],
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

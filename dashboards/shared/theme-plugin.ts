import type { Plugin } from 'vite';
import { themeSheet } from '../../src/report/styles.js';

/** The colours of the report, as a style sheet for pages: one palette for all. */
export function themePlugin(): Plugin {
  const name = 'virtual:theme.css';
  const id = '/mien-theme.css';
  return {
    name: 'mien-theme',
    resolveId: (source) => (source === name ? id : null),
    load: (source) => (source === id ? themeSheet() : null),
  };
}

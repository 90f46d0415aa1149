import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { themeSheet } from '../../../src/report/styles.js';

const own = readFileSync(new URL('../../../dashboards/shared/base.css', import.meta.url), 'utf8');

/** Custom properties of a theme: the first block of the sheets is light, the last one dark. */
function theme(name: 'light' | 'dark'): Record<string, string> {
  const blocks = [themeSheet(), own].map((sheet) => {
    const found = [...sheet.matchAll(/:root[^{]*\{([^}]*--[^}]*)\}/g)]
      .filter(([text]) => /--(page|good):/.test(text))
      .map(([, body]) => body!);
    return name === 'light' ? found[0]! : found.at(-1)!;
  });
  return Object.fromEntries(
    [...blocks.join(';').matchAll(/--([a-z-]+): ?(#[0-9a-f]{6})/g)].map(([, key, hex]) => [key, hex]),
  );
}

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

const contrast = (a: string, b: string): number => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

describe.each(['light', 'dark'] as const)('contrast of the %s theme (WCAG 2.2 AA)', (name) => {
  const colours = theme(name);
  const grounds = ['page', 'card', 'plot'];

  it.each(['ink', 'soft', 'muted', 'accent'])('text in %s reads on every ground', (ink) => {
    for (const ground of grounds) expect(contrast(colours[ink]!, colours[ground]!), ground).toBeGreaterThan(4.5);
  });

  it('text reads on the notice and on the main button', () => {
    expect(contrast(colours.ink!, colours.warn!)).toBeGreaterThan(4.5);
    expect(contrast(colours.accent!, colours.warn!)).toBeGreaterThan(4.5);
    expect(contrast(colours.card!, colours.accent!)).toBeGreaterThan(4.5);
  });

  it('alerts read: of rules on their ground, of trouble on that of the page', () => {
    expect(contrast(colours.card!, colours.bad!)).toBeGreaterThan(4.5);
    expect(contrast(colours.bad!, colours.card!)).toBeGreaterThan(4.5);
  });

  it('names of rows read on the charts', () => {
    expect(contrast(colours.soft!, colours.track!)).toBeGreaterThan(4.5);
  });

  it.each(['good', 'bad', 'first', 'second'])('marks in %s are seen', (mark) => {
    for (const ground of grounds) expect(contrast(colours[mark]!, colours[ground]!), ground).toBeGreaterThan(3);
  });
});

import sharp from 'sharp';

/** Colours of the pictures: dark ink on a light ground, one blue for values, one orange for what is compared. */
export const INK = '#1d2530';
export const MUTED = '#66707d';
export const LINE = '#d8dde3';
export const VALUE = '#2f6db3';
export const OTHER = '#d9822b';

const FONT = 'Inter, Helvetica Neue, Helvetica, Liberation Sans, Arial, DejaVu Sans, sans-serif';

const HALO = ' stroke="#ffffff" stroke-width="5" stroke-linejoin="round" paint-order="stroke"';

export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: 400 | 600;
  /** White around the letters, for text that crosses lines. */
  readonly halo?: boolean;
}

const number = (value: number): string => String(Math.round(value * 100) / 100);

export function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Text whose baseline begins, is centred or ends at x, y. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 15, fill = INK, anchor = 'start', weight = 400, halo = false } = style;
  return `<text x="${number(x)}" y="${number(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}" font-weight="${weight}"${halo ? HALO : ''}>${escaped(content)}</text>`;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function rect({ x, y, width, height }: Rect, fill: string, stroke = 'none'): string {
  return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${fill}" stroke="${stroke}"/>`;
}

export interface LineStyle {
  readonly stroke?: string;
  readonly width?: number;
  readonly dashed?: boolean;
}

export function polyline(points: readonly (readonly [number, number])[], style: LineStyle = {}): string {
  const { stroke = LINE, width = 1, dashed = false } = style;
  const list = points.map(([x, y]) => `${number(x)},${number(y)}`).join(' ');
  return `<polyline points="${list}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"${dashed ? ' stroke-dasharray="5 5"' : ''}/>`;
}

export function dot(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${number(x)}" cy="${number(y)}" r="${number(radius)}" fill="${fill}" stroke="#ffffff" stroke-width="1.5"/>`;
}

/** Cuts a text to a number of characters, keeping its end, where paths differ. */
export function shortened(content: string, most: number): string {
  return content.length <= most ? content : `…${content.slice(content.length - most + 1)}`;
}

/** The parts as a PNG on a light ground, at twice the size in pixels. Text needs an installed font. */
export function toPng(
  size: { readonly width: number; readonly height: number },
  parts: readonly string[],
): Promise<Buffer> {
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" font-family="${FONT}">`,
    rect({ x: 0, y: 0, ...size }, '#ffffff'),
    ...parts,
    '</svg>',
  ].join('\n');
  return sharp(Buffer.from(svg), { density: 144 }).png({ palette: false, compressionLevel: 9 }).toBuffer();
}

/** A line across a diagram at height `y`, with the value it stands for at its left. */
export function gridLine(area: Rect, y: number, value: string): string[] {
  return [
    polyline([
      [area.x, y],
      [area.x + area.width, y],
    ]),
    text(area.x - 9, y + 4.5, value, { anchor: 'end', size: 12.5, fill: MUTED }),
  ];
}

const NAMESPACE = 'http://www.w3.org/2000/svg';

type Attributes = Readonly<Record<string, string | number>>;

/** A shape with its attributes and what is in it. */
export function shape(name: string, attributes: Attributes = {}, ...inside: readonly (Node | string)[]): SVGElement {
  const made = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, typeof value === 'number' ? String(Math.round(value * 100) / 100) : value);
  made.append(...inside);
  return made;
}

/** A picture of this size in user units; it grows and shrinks with its place. `label` is what is read out. */
export function picture(size: { readonly width: number; readonly height: number; readonly label: string }): SVGElement {
  const { width, height, label } = size;
  return shape('svg', { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
}

/** Style that gives a shape the colour of a condition; -1 is of none. */
export const colourOf = (condition: number): string => `--c:var(--condition-${condition < 0 ? 5 : condition % 6})`;

const DASHES = ['', '6 3', '2 3', '9 3 2 3', '1 2', '12 4'];
/** Dash of a condition's lines, so that colour is not the only sign. */
export const dashOf = (condition: number): string => DASHES[(condition < 0 ? 0 : condition) % DASHES.length];

/** @param {number} seconds */
export function clockText(seconds) {
  const hundredths = Math.round(seconds * 100);
  const whole = Math.floor(hundredths / 100);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = `${String(whole % 60).padStart(2, '0')}.${String(hundredths % 100).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** @param {number} share */
export function percentText(share) {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–';
}

/** @param {number} strength intensity of an action unit, 0 to 5 */
export function strengthText(strength) {
  return Number.isFinite(strength) ? strength.toFixed(1) : '–';
}

/** @param {number} value */
export function signedText(value) {
  return Number.isFinite(value) ? `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}` : '–';
}

/** @param {number} value */
export function degreesText(value) {
  return Number.isFinite(value) ? `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(0)}°` : '–';
}

/**
 * A number under its own name.
 * @param {number} value
 * @param {'degrees' | 'percent' | 'signed' | 'plain'} format
 */
export function numberText(value, format) {
  if (format === 'degrees') return degreesText(value);
  if (format === 'percent') return percentText(value);
  if (format === 'signed') return signedText(value);
  return Number.isFinite(value) ? value.toFixed(2) : '–';
}

/**
 * Times for axis labels: round steps, about `count` of them, inside [from, to].
 * @param {{ from: number, to: number, count: number }} options
 */
export function timeTicks({ from, to, count }) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
  const wanted = (to - from) / Math.max(1, count);
  const step = steps.find((candidate) => candidate >= wanted) ?? 28800;
  const ticks = [];
  for (let at = Math.ceil(from / step - 1e-9) + 0; at * step <= to + 1e-9; at++) ticks.push(at * step);
  return { step, ticks };
}

/**
 * @param {number} seconds
 * @param {number} step
 */
export function tickText(seconds, step) {
  const text = clockText(seconds);
  return step < 1 ? text.slice(0, -1) : text.slice(0, -3);
}

/**
 * A new element; `text` is set as text, so that no data is ever read as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ className?: string, text?: string, attributes?: Record<string, string>, children?: Node[] }} [options]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, { className, text, attributes, children } = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
  if (children) made.append(...children);
  return made;
}

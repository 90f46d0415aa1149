import { type Micros, micros } from '../domain/units.js';

/** How a time may be written, in words for messages. */
export const TIME_WORDS = 'a time such as 62.5, 1:02.5 or 00:01:02,500';

const CLOCK = /^(-)?(?:(?:(\d+):)?([0-5]?\d):([0-5]?\d)|(\d+))(?:[.,](\d+))?$/;

/** A time as people write it: seconds, or clock time with a point or comma. Null when it is none. */
export function timeUs(value: unknown): Micros | null {
  if (typeof value === 'number') return Number.isFinite(value) ? micros(value * 1e6) : null;
  if (typeof value !== 'string') return null;
  const match = CLOCK.exec(value.trim());
  if (!match) return null;
  const [, minus, hours = '0', minutes = '0', seconds, alone, fraction = '0'] = match;
  const whole = alone === undefined ? Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) : Number(alone);
  // Whole seconds and their fraction apart, so that no digit of a long recording is lost.
  const us = whole * 1e6 + Math.round(Number(`0.${fraction}`) * 1e6);
  return micros(minus === undefined ? us : -us);
}

/** `1:02.5`, `1:00:00`: a time as messages tell it, to the microsecond where it has some. */
export function timeText(us: number): string {
  const whole = Math.abs(us);
  const seconds = Math.floor(whole / 1e6);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const clock = hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
  const fraction = String(Math.round(whole % 1e6))
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${us < 0 ? '-' : ''}${clock}${fraction === '' ? '' : `.${fraction}`}`;
}

import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  formFields,
  idFor,
  refusedFields,
  type Settings,
  valuesOf,
} from '../../../dashboards/web/src/model/camera-form.js';
import { CAMERA_KIND_NAMES, kindNotes } from '../../../src/domain/camera-kinds.js';
import { TREATMENT } from '../../../src/domain/camera-treatment.js';
import { changedSource, newSource } from '../../../src/protocol/rest.js';

const DEFAULTS = { maxSidePx: 1280, maxFps: null, minFacePx: 24, rotate: 0, decode: 'auto' };
const DOOR: Settings = {
  id: 'door',
  name: 'Front door',
  input: { type: 'rtsp', url: 'rtsp://***@10.0.0.7/live', transport: 'udp' },
  maxSidePx: 640,
  maxFps: 7.5,
  minFacePx: 32,
  rotate: 90,
  decode: 'vaapi',
  masks: [],
  zones: [],
};
const FILLED: Readonly<Record<string, string>> = {
  'input.url': 'SCHEME://10.0.0.7/live',
  'input.path': '/films/a.mp4',
  'input.device': '/dev/video0',
};

describe('the form of a camera', () => {
  it.each(CAMERA_KIND_NAMES)('of kind %s has each declared setting, and sends what the server takes', (kind) => {
    const { input, treatment } = formFields(kind);
    expect(input.map(({ key }) => key)).toEqual(Object.keys(kindNotes(kind).fields).map((name) => `input.${name}`));
    expect(treatment.map(({ key }) => key)).toEqual(Object.keys(TREATMENT));
    for (const { label, hint } of [...input, ...treatment]) expect([label, hint].includes('')).toBe(false);
    const values = { ...valuesOf(kind, null, DEFAULTS), id: 'hall' };
    const filled = Object.keys(values).filter((key) => FILLED[key] !== undefined);
    const typed = Object.fromEntries(filled.map((key) => [key, FILLED[key]!.replace('SCHEME', kind)]));
    const { body, problems } = bodyOf(kind, { ...values, ...typed }, {});
    expect(problems).toEqual({});
    expect(newSource.parse(body)).toMatchObject({ id: 'hall', input: { type: kind }, ...DEFAULTS });
  });

  it('shows a camera as it is, and sends the same when nothing was changed, areas too', () => {
    const values = valuesOf('rtsp', DOOR, DEFAULTS);
    expect(values).toMatchObject({ 'input.url': 'rtsp://***@10.0.0.7/live', maxFps: '7.5', rotate: '90' });
    const zones = [
      {
        name: 'till',
        points: [
          [0, 0],
          [1, 0],
          [1, 1],
        ],
      },
    ];
    const { body, problems } = bodyOf('rtsp', values, { masks: [], zones });
    expect(problems).toEqual({});
    expect(changedSource.parse(body)).toEqual({ ...DOOR, zones });
  });

  it('keeps how pictures are treated when the kind changes, and nothing of what was opened', () => {
    const values = valuesOf('webcam', DOOR, DEFAULTS);
    expect(values).toMatchObject({ 'input.device': '', 'input.size': '', 'input.fps': '', maxSidePx: '640' });
    expect(values).not.toHaveProperty('input.url');
  });

  it.each([
    ['webcam', { 'input.size': '1280 × 720' }, { size: { widthPx: 1280, heightPx: 720 } }],
    ['webcam', { 'input.size': 'auto', 'input.fps': 'auto' }, { size: null, fps: null }],
    ['webcam', { 'input.fps': '12,5' }, { fps: 12.5 }],
    ['file', { 'input.loop': 'false', 'input.device': 'x' }, { loop: false }],
  ] as const)('reads what people type: %s %o', (kind, typed, input) => {
    expect(bodyOf(kind, { ...valuesOf(kind, null, DEFAULTS), ...typed }, {}).body.input).toMatchObject(input);
  });

  it.each([
    ['id', 'Front door', /^must be 1 to 64 of a-z/],
    ['name', 'x'.repeat(101), /longer than 100/],
    ['input.url', '', /empty/],
    ['input.url', 'http://10.0.0.7/', /must begin with rtsp:\/\/ or rtsps:\/\//],
    ['maxSidePx', '', /^must be a whole number from 64 to 3840$/],
    ['maxSidePx', '640.5', /whole number/],
    ['maxFps', 'many', /^must be a number from 0.1 to 240$/],
    ['minFacePx', '8', /from 16 to 1024/],
  ])('says at once what is wrong with %s "%s", in the words of the server', (key, text, words) => {
    const values = { ...valuesOf('rtsp', DOOR, DEFAULTS), [key]: text };
    expect(bodyOf('rtsp', values, {}).problems).toEqual({ [key]: expect.stringMatching(words) });
  });
});

describe('an id', () => {
  it.each([
    ['Front door', 'front-door'],
    ['Café  1!', 'cafe-1'],
    ['_ 東京 _', ''],
    ['Élan vital', 'elan-vital'],
    ['Yard', 'yard-3'],
  ])('for the name %s is %s', (name, id) => {
    expect(idFor(name, (taken) => ['yard', 'yard-2'].includes(taken))).toBe(id);
  });
});

describe('a refusal of the server', () => {
  const refused = (code: string, message: string, fields: { key: string; text: string }[] = []) =>
    refusedFields('rtsp', { code, message, fields });

  it('stands beside its field', () => {
    const fields = [
      { key: 'input.url', text: 'has an unknown host' },
      { key: 'masks', text: 'too many' },
    ];
    expect(refused('BAD_REQUEST', 'all of it', fields)).toEqual({
      fields: { 'input.url': 'has an unknown host' },
      all: 'masks: too many',
    });
    expect(refused('CAMERA_EXISTS', 'it exists')).toEqual({ fields: { id: 'it exists' }, all: '' });
    const message = 'camera input rtsp://***@cam:7/live: has an unknown host; check its name';
    expect(refused('CONFIG_INVALID', message)).toEqual({
      fields: { 'input.url': 'has an unknown host; check its name' },
      all: '',
    });
  });

  it('stands above all where it is about no field', () => {
    expect(refused('CAMERA_LIMIT', 'there are 16')).toEqual({ fields: {}, all: 'there are 16' });
    expect(refusedFields('push', { code: 'CONFIG_INVALID', message: 'no', fields: [] })).toEqual({
      fields: {},
      all: 'no',
    });
  });
});

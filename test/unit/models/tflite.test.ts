import { ByteBuffer } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import { convertTflite } from '../../../models/convert/convert-tflite.js';
import { unpack } from '../../../models/convert/npm-assets.js';
import { OnnxBuilder } from '../../../models/convert/onnx-builder.js';
import { halfToFloat, parseTflite, TableReader, type TfliteModel } from '../../../models/convert/tflite.js';

describe('halfToFloat', () => {
  it.each([
    ['zero', 0x0000, 0],
    ['one', 0x3c00, 1],
    ['minus two', 0xc000, -2],
    ['largest', 0x7bff, 65504],
    ['smallest normal', 0x0400, 2 ** -14],
    ['smallest subnormal', 0x0001, 2 ** -24],
    ['infinity', 0x7c00, Infinity],
  ])('%s', (_name, bits, value) => expect(halfToFloat(bits)).toBe(value));
});

describe('parseTflite', () => {
  it('refuses other bytes', () => {
    expect(() => parseTflite(new Uint8Array(64))).toThrow('not a TensorFlow Lite model');
  });
});

describe('convertTflite', () => {
  it('names an operator that it does not know', () => {
    const model: TfliteModel = {
      tensors: [{ name: 'image', shape: [1, 8, 8, 3], type: 'float32', data: null }],
      operators: [
        {
          code: 9,
          custom: '',
          inputs: [0],
          outputs: [0],
          options: new TableReader(new ByteBuffer(new Uint8Array(16)), 8),
          customOptions: null,
        },
      ],
      inputs: [0],
      outputs: [0],
    };
    expect(() => convertTflite(model, new OnnxBuilder(), 'image')).toThrow(/operator .*9 is not supported/);
  });
});

describe('unpack', () => {
  const loader = 'x; loadPackage({"files":[{"filename":"/a/face.tflite","start":2,"end":5}],"size":6}); y';
  const archive = Uint8Array.from([0, 1, 2, 3, 4, 5]);
  it('finds an entry by the end of its path', () =>
    expect([...unpack(archive, loader, 'face.tflite')]).toEqual([2, 3, 4]));
  it.each([
    ['is not listed', archive, loader, 'other.tflite'],
    ['lies beyond the archive', archive.subarray(0, 4), loader, 'face.tflite'],
    ['has no list', archive, 'nothing', 'face.tflite'],
  ])('refuses an entry that %s', (_name, bytes, text, entry) =>
    expect(() => unpack(bytes, text, entry)).toThrow(RangeError),
  );
});

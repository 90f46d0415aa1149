import { describe, expect, test } from 'vitest';
import { escapeXml, parseXml } from '../../../src/elan/xml.js';

test('elements, attributes and text, with what XML escapes', () => {
  const root = parseXml(
    '\uFEFF<?xml version="1.0"?>\n<!-- <not> an element -->\n<a x="1 &amp; 2" y=\'"\'>\n <b/>t&lt;&#x1F600;<![CDATA[<raw&>]]></a>\n',
    'x',
  );
  expect(root.name).toBe('a');
  expect([...root.attributes]).toEqual([
    ['x', '1 & 2'],
    ['y', '"'],
  ]);
  expect(root.children.map(({ name, line }) => [name, line])).toEqual([['b', 4]]);
  expect(root.text).toBe('\n t<\u{1F600}<raw&>');
});

test('what is written is read again, whatever it is', () => {
  const words = 'a & b < c > "d" \'e\' \t\n\r \u00e4 \u{1F600}';
  expect(parseXml(`<a x="${escapeXml(words)}">${escapeXml(words)}</a>`, 'x')).toMatchObject({ text: words });
  expect(parseXml(`<a x="${escapeXml(words)}"/>`, 'x').attributes.get('x')).toBe(words);
  expect(escapeXml('\u0000\ud800x\ufffe')).toBe('\ufffd\ufffdx\ufffd');
});

describe('what is not XML is refused with its line', () => {
  test.each([
    ['', 'no XML element'],
    ['words', 'text outside'],
    ['<a>\n<b>\n</a>', 'line 3: </a> closes <b>'],
    ['<a>\n</a>\n<b/>', 'line 3: a second root'],
    ['<a>', '<a> is never closed'],
    ['</a>', 'closes nothing'],
    ['<a x=1/>', 'no XML tag: <a x=1/>'],
    ['<a x="1" x="2"/>', 'has x twice'],
    ['<a>&nbsp;</a>', 'no XML character: &nbsp;'],
    ['<a>&#0;</a>', 'no XML character'],
    ['<a>&#x110000;</a>', 'no XML character'],
    ['<a>1 & 2</a>', 'no XML character'],
    ['<!-- ', 'never closed'],
    ['<a><![CDATA[ </a>', 'never closed'],
  ])('%s', (text, words) => {
    expect(() => parseXml(text, 'f.eaf')).toThrow(words);
    expect(() => parseXml(text, 'f.eaf')).toThrow('f.eaf, line ');
  });

  test('entities of its own, which would grow without end', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "ha">]>\n<a>&b;</a>';
    expect(() => parseXml(bomb, 'f.eaf')).toThrow('f.eaf, line 1: a document type, which is not read');
  });

  test('elements without end in one another', () => {
    expect(() => parseXml('<a>'.repeat(10_000), 'f.eaf')).toThrow('more than 64 deep');
  });
});

test('time grows with the length of a file, not with its square', () => {
  const many = `<a>${'<b c="d">\n</b>'.repeat(100_000)}</a>`;
  expect(parseXml(many, 'x').children).toHaveLength(100_000);
  expect(() => parseXml(`<a ${'b '.repeat(50_000)}`, 'x')).toThrow('no XML tag');
});

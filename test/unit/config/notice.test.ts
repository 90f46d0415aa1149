import { describe, expect, it } from 'vitest';
import { NOTICE_LANGUAGES, noticeTemplate, renderNotice, unknownNoticeFields } from '../../../src/config/notice.js';

const facts = {
  purpose: 'research',
  emotions: true,
  controller: 'Example Lab',
  contact: 'lab@example.org',
  episodesMs: 600_000,
  languageModel: false,
  messages: false,
  kept: null,
} as const;

describe('renderNotice', () => {
  it.each(NOTICE_LANGUAGES)('%s: fills every field in', (language) => {
    const text = renderNotice(noticeTemplate(language), language, facts);
    expect(text).toContain('Example Lab');
    expect(text).toContain('lab@example.org');
    expect(text).toMatch(/10 [Mm]inut/);
    expect(text).not.toContain('$');
    expect(unknownNoticeFields(noticeTemplate(language))).toEqual([]);
  });

  it('does not speak of emotions in au-only mode', () => {
    const text = renderNotice(noticeTemplate('en'), 'en', { ...facts, emotions: false });
    expect(text).toContain('estimates face movements.');
    expect(text).not.toContain('emotion');
  });

  it.each(NOTICE_LANGUAGES)(
    '%s: says so where a language model sees faces, in a template of one’s own too',
    (language) => {
      const without = renderNotice('Cameras.', language, facts);
      const text = renderNotice('Cameras.', language, { ...facts, languageModel: true });
      expect(without).toBe('Cameras.');
      expect(text.length).toBeGreaterThan('Cameras.'.length + 40);
    },
  );

  it('says who is meant when nobody is named', () => {
    const text = renderNotice(noticeTemplate('en'), 'en', {
      ...facts,
      controller: '',
      contact: '',
      episodesMs: 30_000,
    });
    expect(text).toContain('Responsible: the operator of this camera. Questions and objections: the operator');
    expect(text).toContain('30 seconds');
  });

  it('takes nothing from a value for a field', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what a person might enter
    const text = renderNotice('Who: ${controller}', 'en', { ...facts, controller: '${contact} $& $1' });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as entered
    expect(text).toBe('Who: ${contact} $& $1');
  });
});

it('unknownNoticeFields finds misspelt ones', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template
  expect(unknownNoticeFields('${contact} ${contcat} ${}')).toEqual(['contcat', '']);
});

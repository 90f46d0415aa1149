const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text safe inside HTML elements and quoted attributes. Control characters, which HTML cannot hold, and bidirectional
 * overrides, which could disguise a file name, become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\ufffd',
    )
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A value as JSON that can stand inside a `<script>` element: no `<`, `>`, `&`, line separator or
 * bidirectional control appears bare. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

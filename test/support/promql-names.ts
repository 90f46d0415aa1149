const KEYWORDS = new Set([
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'and',
  'or',
  'unless',
  'bool',
  'offset',
]);

/** Metric names and label names that a PromQL expression refers to. Variables of Grafana (`$x`) are left out. */
export function promqlNames(expression: string): { readonly metrics: string[]; readonly labels: string[] } {
  const labels: string[] = [];
  const keep = (text: string): void => {
    labels.push(...[...text.matchAll(/[A-Za-z_]\w*/g)].map(([name]) => name));
  };
  const rest = expression
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\{([^}]*)\}/g, (_, matchers: string) => {
      keep(matchers.replace(/"(?:[^"\\]|\\.)*"/g, ' '));
      return ' ';
    })
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g, (_, names: string) => {
      keep(names);
      return ' ';
    })
    .replace(/"(?:[^"\\]|\\.)*"/g, ' ')
    .replace(/\b\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, ' ');
  const metrics = [...rest.matchAll(/[A-Za-z_:][\w:]*(?!\w*\s*\()/g)]
    .filter(({ 0: name, index }) => !KEYWORDS.has(name) && !/^\s*\(/.test(rest.slice(index + name.length)))
    .map(([name]) => name);
  return { metrics, labels };
}

import { isAbsolute, resolve } from 'node:path';
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import { looksLikeAddress, openedField } from '../domain/camera-input.js';
import { CAMERA_KIND_NAMES } from '../domain/camera-kinds.js';
import type { KeyPath, Layer, Problem } from './layers.js';
import { isRecord } from './schema-walk.js';

/**
 * Settings written in YAML.
 *
 * @param file - name for messages
 * @param baseDir - folder that relative paths in it start from; null leaves them as they are
 */
export function yamlLayer(
  text: string,
  { file, baseDir }: { readonly file: string; readonly baseDir: string | null },
): { readonly layer: Layer; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  const locate = (path: KeyPath): string | undefined => {
    if (path.length === 0) return file;
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? undefined : at(offset);
  };
  // The parser's own messages may quote the file, which may hold secrets: only their code is shown.
  // After one fault of grammar the rest is misread: what else is found there is its consequence.
  const broken = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const problems = (broken ? [broken] : document.errors).map(({ code, pos }) => ({
    where: at(pos[0]),
    key: 'YAML',
    text: `cannot be read (${code.toLowerCase().replaceAll('_', ' ')}); check indentation, quotes and that no key is given twice`,
  }));
  if (problems.length > 0) return { layer: { value: {}, locate }, problems };
  const plain = plainValue(document);
  if (plain === null || plain === undefined) return { layer: { value: {}, locate }, problems };
  if (!isRecord(plain)) {
    const text = 'expected keys with values, such as "purpose: research"';
    return { layer: { value: {}, locate }, problems: [{ where: `${file}:1`, key: 'YAML', text }] };
  }
  return { layer: { value: baseDir === null ? plain : fromFolder(plain, baseDir), locate }, problems };
}

/** Aliases are limited by the parser (100 uses), which ends "billion laughs" with an exception. */
function plainValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    // Too many aliases: no configuration a person wrote.
    return [];
  }
}

function offsetOf(contents: Node | ParsedNode | null, path: KeyPath): number | undefined {
  let node: unknown = contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === step);
      if (!pair) return undefined;
      offset = (pair.key as Node).range?.[0];
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = (node as Node | undefined)?.range?.[0];
    } else return undefined;
  }
  return offset;
}

/** Keys of cameras that take a path. */
const PATH_KEYS = CAMERA_KIND_NAMES.flatMap((kind) => {
  const opened = openedField(kind);
  return opened?.field.shape === 'path' ? [opened.name] : [];
});

/**
 * The settings with the paths in them made absolute. Paths that begin with a placeholder stay: the environment gives them.
 * So does an address, which is no path, to be refused as it was written.
 */
function fromFolder(value: Readonly<Record<string, unknown>>, baseDir: string): Readonly<Record<string, unknown>> {
  const absolute = (path: unknown): unknown =>
    typeof path === 'string' && path !== '' && !isAbsolute(path) && !path.startsWith('${') && !looksLikeAddress(path)
      ? resolve(baseDir, path)
      : path;
  const items = (list: unknown, name: string): unknown =>
    Array.isArray(list)
      ? list.map((item) => (isRecord(item) && name in item ? { ...item, [name]: absolute(item[name]) } : item))
      : list;
  /** A group with some of its keys changed, where it has them. */
  const within = (group: unknown, change: (value: unknown) => unknown, ...names: readonly string[]): unknown =>
    isRecord(group)
      ? { ...group, ...Object.fromEntries(names.filter((key) => key in group).map((key) => [key, change(group[key])])) }
      : group;
  const file = (group: unknown): unknown => within(group, absolute, 'file');
  const files = (list: unknown): unknown => (Array.isArray(list) ? list.map(file) : list);
  const tls = (group: unknown): unknown => within(group, absolute, 'ca', 'cert', 'key');
  const { cameras, server, webhooks, keep, restAllowedFolders, mllm, mqtt, cluster } = value;
  return {
    ...value,
    ...(cameras === undefined ? {} : { cameras: PATH_KEYS.reduce(items, cameras) }),
    ...(server === undefined ? {} : { server: within(server, files, 'tokens') }),
    ...(mllm === undefined ? {} : { mllm: within(mllm, absolute, 'prompts') }),
    ...(keep === undefined ? {} : { keep: within(keep, absolute, 'folder') }),
    ...(mqtt === undefined ? {} : { mqtt: within(within(mqtt, file, 'password'), tls, 'tls') }),
    ...(cluster === undefined ? {} : { cluster: within(within(cluster, file, 'secret', 'key'), tls, 'tls') }),
    ...(webhooks === undefined ? {} : { webhooks: within(within(webhooks, absolute, 'folder'), files, 'targets') }),
    ...(Array.isArray(restAllowedFolders) ? { restAllowedFolders: restAllowedFolders.map(absolute) } : {}),
  };
}

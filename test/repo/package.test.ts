import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFolders } from '../support/temp-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const script = new URL('../../scripts/trim-runtime.mjs', import.meta.url).href;
const { trimRuntime } = (await import(script)) as { trimRuntime: (folder: string, target: string) => void };
const manifest = JSON.parse(read('package.json'));
const folder = tempFolders();

/** An onnxruntime-node as npm installs it, without its bytes. */
function runtime(): string {
  const made = folder();
  for (const platform of ['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64']) {
    mkdirSync(join(made, 'bin/napi-v6', platform), { recursive: true });
    writeFileSync(join(made, 'bin/napi-v6', platform, 'onnxruntime_binding.node'), '');
  }
  for (const name of ['libonnxruntime.1.dylib', 'libonnxruntime.1.30.0.dylib'])
    writeFileSync(join(made, 'bin/napi-v6/darwin/arm64', name), '');
  const scripts = { postinstall: 'node ./script/install' };
  const dependencies = { 'adm-zip': '^0.6.0', 'onnxruntime-common': '1.30.0' };
  writeFileSync(join(made, 'package.json'), JSON.stringify({ name: 'onnxruntime-node', scripts, dependencies }));
  return made;
}

const filesOf = (made: string): string[] =>
  readdirSync(join(made, 'bin/napi-v6'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(made, 'bin/napi-v6/').length))
    .sort();

describe('trimRuntime', () => {
  it('keeps one platform and no install script, also the second time', () => {
    const made = runtime();
    for (let time = 0; time < 2; time++) {
      trimRuntime(made, 'linux-x64');
      expect(filesOf(made)).toEqual(['linux/x64/onnxruntime_binding.node']);
      expect(JSON.parse(readFileSync(join(made, 'package.json'), 'utf8'))).toEqual({
        name: 'onnxruntime-node',
        dependencies: { 'onnxruntime-common': '1.30.0' },
      });
    }
  });

  it('drops the copy of a library that nothing loads', () => {
    const made = runtime();
    trimRuntime(made, 'darwin-arm64');
    expect(filesOf(made)).toEqual(['darwin/arm64/libonnxruntime.1.dylib', 'darwin/arm64/onnxruntime_binding.node']);
  });

  it('removes nothing when the platform is not there', () => {
    const made = runtime();
    expect(() => trimRuntime(made, 'linux-s390x')).toThrow(/holds .*linux-x64.*, not linux-s390x/);
    expect(filesOf(made)).toHaveLength(6);
  });
});

describe('the package', () => {
  it('bundles ONNX Runtime as pinned, trimmed as it is installed here', () => {
    expect(manifest.bundleDependencies).toEqual(['onnxruntime-node']);
    const installed = JSON.parse(read('node_modules/onnxruntime-node/package.json'));
    expect(installed.version).toBe(manifest.dependencies['onnxruntime-node']);
    expect(installed.scripts).toBeUndefined();
    expect(
      filesOf(join(root, 'node_modules/onnxruntime-node')).map((path) => path.split('/').slice(0, 2).join('-')),
    ).toEqual(expect.arrayContaining([`${process.platform}-${process.arch}`]));
  });

  it('lists files that exist', () => {
    for (const path of manifest.files as string[]) {
      if (!/[*]|tsbuildinfo/.test(path)) expect(existsSync(join(root, path.replace('!', ''))), path).toBe(true);
    }
  });

  it('names in NOTICE whose work it holds', () => {
    const models = readdirSync(join(root, 'models')).filter((id) =>
      existsSync(join(root, 'models', id, 'manifest.json')),
    );
    for (const id of models) {
      const { source } = JSON.parse(read(`models/${id}/manifest.json`));
      if (source.kind === 'npm') {
        expect(read('NOTICE')).toContain(`${source.package} ${source.version}`);
        expect(manifest.devDependencies[source.package]).toBe(source.version);
      }
    }
    expect(read('NOTICE')).toContain(manifest.dependencies['onnxruntime-node']);
  });
});

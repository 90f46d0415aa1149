// Trims node_modules/onnxruntime-node to what one platform runs, so that it can be bundled (docs/decisions/0010-package.md):
// binaries of other platforms go, and so does its install script, which would fetch CUDA libraries.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Libraries that lie there twice, where the package could not hold a link: the binding loads the other name. */
const COPIES = /^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** Keeps one platform, "linux-x64", of an installed onnxruntime-node; idempotent. Throws when it is not there. */
export function trimRuntime(folder, target) {
  const binaries = join(folder, 'bin', 'napi-v6');
  const kept = join(binaries, ...target.split('-'));
  if (!existsSync(join(kept, 'onnxruntime_binding.node'))) {
    const there = readdirSync(binaries).flatMap((os) => readdirSync(join(binaries, os)).map((cpu) => `${os}-${cpu}`));
    throw new Error(
      `onnxruntime-node holds ${there.join(', ')}, not ${target}; run npm ci, or choose one of its platforms`,
    );
  }
  for (const os of readdirSync(binaries)) {
    for (const cpu of readdirSync(join(binaries, os))) {
      if (`${os}-${cpu}` !== target) rmSync(join(binaries, os, cpu), { recursive: true });
    }
    if (readdirSync(join(binaries, os)).length === 0) rmSync(join(binaries, os), { recursive: true });
  }
  for (const name of readdirSync(kept)) if (COPIES.test(name)) rmSync(join(kept, name));
  const path = join(folder, 'package.json');
  const { scripts, devDependencies, dependencies, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  const common = { 'onnxruntime-common': dependencies['onnxruntime-common'] };
  // A new file under the old name: package managers that link files from a store must not have theirs changed.
  const { mode } = statSync(path);
  writeFileSync(`${path}.part`, `${JSON.stringify({ ...manifest, dependencies: common }, null, 2)}\n`, { mode });
  renameSync(`${path}.part`, path);
}

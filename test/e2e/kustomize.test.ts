import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const OVERLAYS = 'deploy/kubernetes/overlays';

/** Not run where there is no kustomize (scripts/test.mjs); what it reads is checked by kubernetes.test.ts everywhere. */
it.each(readdirSync(join(root, OVERLAYS)))('kustomize builds %s', (overlay) => {
  const { status, stdout, stderr } = spawnSync('kustomize', ['build', join(OVERLAYS, overlay)], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  for (const kind of ['Deployment', 'StatefulSet', 'Service', 'PodDisruptionBudget', 'NetworkPolicy', 'ConfigMap']) {
    expect(stdout).toMatch(new RegExp(`^kind: ${kind}$`, 'm'));
  }
});

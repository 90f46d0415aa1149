import { isIP } from 'node:net';
import { MEASURED, MEASURED_TASKS } from '../domain/insight.js';
import { clusterChecks } from './cluster-checks.js';
import type { KeyProblem } from './describe-issues.js';
import { keepChecks } from './keep-checks.js';
import { unknownNoticeFields } from './notice.js';
import { ruleChecks } from './rule-checks.js';
import type { ParsedSections } from './schema.js';
import { isRecord, valueAt } from './schema-walk.js';
import { showValue } from './show-value.js';

/** Whether only this machine can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** What no single key shows: rules between keys. Sections that did not parse are left to their own problems. */
export function crossChecks(parsed: ParsedSections, raw: unknown): KeyProblem[] {
  return [
    ...hostCheck(raw),
    ...serverChecks(parsed),
    ...cameraChecks(parsed, raw),
    ...noticeChecks(parsed),
    ...mllmChecks(parsed),
    ...ruleChecks(parsed),
    ...keepChecks(parsed),
    ...clusterChecks(parsed),
  ];
}

/** Works on what was written, so that it shows beside problems of other keys of the server. */
function hostCheck(raw: unknown): KeyProblem[] {
  const host = valueAt(raw, ['server', 'host']);
  const tokens = valueAt(raw, ['server', 'tokens']);
  if (typeof host !== 'string' || isLoopback(host) || (Array.isArray(tokens) && tokens.length > 0)) return [];
  const text = `${showValue('host', host)} can be reached from other machines, which needs at least one token in server.tokens; or listen on 127.0.0.1`;
  return [{ path: ['server', 'host'], text }];
}

function serverChecks({ server }: ParsedSections): KeyProblem[] {
  if (!server) return [];
  const problems: KeyProblem[] = [];
  for (const [index, token] of server.tokens.entries()) {
    if ((token.env === undefined) === (token.file === undefined)) {
      const text = `"${token.name}" needs either env or file, and has ${token.env === undefined ? 'neither' : 'both'}`;
      problems.push({ path: ['server', 'tokens', index], text });
    }
    if (server.tokens.findIndex(({ name }) => name === token.name) < index) {
      problems.push({
        path: ['server', 'tokens', index, 'name'],
        text: `"${token.name}" is taken by an earlier token`,
      });
    }
  }
  const { clientBuffer, clientBufferMax } = server.limits;
  if (clientBufferMax < clientBuffer) {
    const text = `expected at least server.limits.clientBuffer (${clientBuffer} bytes), got ${clientBufferMax} bytes`;
    problems.push({ path: ['server', 'limits', 'clientBufferMax'], text });
  }
  return problems;
}

/** Works on what was written, so that a camera with another problem still shows its duplicate id. */
function cameraChecks({ maxCameras }: ParsedSections, raw: unknown): KeyProblem[] {
  const cameras = valueAt(raw, ['cameras']);
  if (!Array.isArray(cameras)) return [];
  const problems: KeyProblem[] = [];
  const ids = cameras.map((camera) => (isRecord(camera) ? camera.id : undefined));
  for (const [index, id] of ids.entries()) {
    const first = ids.indexOf(id);
    if (typeof id === 'string' && first < index) {
      problems.push({
        path: ['cameras', index, 'id'],
        text: `"${id}" is the id of cameras[${first}] too; ids are unique`,
      });
    }
  }
  if (maxCameras !== undefined && cameras.length > maxCameras) {
    problems.push({
      path: ['maxCameras'],
      text: `expected at least ${cameras.length}, the number of cameras configured, got ${maxCameras}`,
    });
  }
  return problems;
}

function noticeChecks({ notice }: ParsedSections): KeyProblem[] {
  const unknown = unknownNoticeFields(notice?.text ?? '');
  return unknown.map((name) => ({ path: ['notice', 'text'], text: `\${${name}} is not a field of a notice` }));
}

function mllmChecks({ mllm, mode }: ParsedSections): KeyProblem[] {
  if (!mllm?.enabled) return [];
  const { engine, tasks, minInterval, maxInterval } = mllm;
  const problems: KeyProblem[] = [];
  const say = (path: readonly string[], text: string): void => {
    problems.push({ path: ['mllm', ...path], text });
  };
  if (engine.type === 'openai' && engine.urls.length === 0) {
    say(
      ['engine', 'urls'],
      'mllm.enabled needs the address of a server, such as http://127.0.0.1:8000/v1; for words without a model set mllm.engine.type: measured',
    );
  }
  if (engine.type !== MEASURED && engine.type !== 'mien-vlm' && engine.model === '')
    say(['engine', 'model'], 'mllm.enabled needs the name of a model; or set mllm.engine.type: measured');
  for (const [task, name] of Object.entries(engine.adapters)) {
    if (name === '') continue;
    if (engine.type !== 'openai')
      say(['engine', 'adapters', task], `goes with mllm.engine.type: openai; the engine ${engine.type} has one model`);
    else if (!tasks.some((one) => one === task))
      say(['engine', 'adapters', task], `names a model for ${task}, which mllm.tasks does not ask; add it there`);
  }
  const unanswered = engine.type === MEASURED ? tasks.find((task) => !MEASURED_TASKS.includes(task)) : undefined;
  if (unanswered !== undefined)
    say(['tasks'], `"${unanswered}" needs a model; the engine measured answers ${MEASURED_TASKS.join(' and ')}`);
  if (maxInterval < minInterval) {
    say(['maxInterval'], `expected at least mllm.minInterval (${minInterval} ms), got ${maxInterval} ms`);
  }
  if (mode === 'au-only' && tasks.some((task) => task !== 'action-units')) {
    say(['tasks'], 'mode au-only infers no emotion; only action-units may be asked');
  }
  return problems;
}

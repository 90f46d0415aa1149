import { CAMERA_ID } from '../../domain/camera-id.js';
import type { EngineCall } from '../../domain/insight.js';

/**
 * The line a question waits on, the end of its subject: camera, face and task, so that the newest question of a face
 * replaces the one before, and not what is asked beside it. A person waits for each of their questions, and what is
 * about no camera's face has no newer one: such a question has a line of its own.
 */
export function questionLine({ request, face }: Pick<EngineCall, 'request' | 'face'>, question: string): string {
  if (face === undefined || request.task === 'asked' || !CAMERA_ID.test(face.source)) return `-.${question}`;
  return `${face.source}.${face.track}.${request.task}`;
}

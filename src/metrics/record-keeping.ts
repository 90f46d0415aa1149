import { KEEP_STOPS } from '../domain/keeping.js';
import type { Telemetry } from '../domain/telemetry.js';
import type { DeclaredRegistry } from './declared-registry.js';

/** What is kept on disk; told only where something is. */
export function recordKeeping(
  to: DeclaredRegistry,
): Pick<Telemetry, 'keepState' | 'keptTotals' | 'keepDropped' | 'keptPicture'> {
  return {
    keepState(state) {
      to.set('mien_keep_recording', state.status === 'recording' ? 1 : 0);
      for (const reason of KEEP_STOPS) {
        to.set('mien_keep_stopped', state.status === 'stopped' && state.reason === reason ? 1 : 0, { reason });
      }
    },
    keptTotals(files, bytes) {
      to.set('mien_kept_files', files);
      to.set('mien_kept_bytes', bytes);
    },
    keepDropped(camera, reason) {
      to.add('mien_keep_dropped_total', { camera, reason });
    },
    keptPicture(camera, kind, outcome) {
      to.add('mien_kept_pictures_total', { camera, kind, outcome });
    },
  };
}

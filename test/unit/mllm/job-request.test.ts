import { describe, expect, it } from 'vitest';
import { jobRequest } from '../../../src/mllm/job-request.js';
import { MIEN_VLM_PROMPTS } from '../../../src/mllm/mien-vlm/prompts.js';
import { taskPrompt } from '../../../src/mllm/prompts/presets.js';
import { CAN_ALL, keyframe } from '../../support/mllm-builders.js';

const mesh = new Float32Array(3).fill(0.5);
const job = { keyframe: keyframe(1, { mesh }), task: 'describe' } as Parameters<typeof jobRequest>[0];
const asked = (numericPriors: boolean | 'mesh', template = MIEN_VLM_PROMPTS.describe!) =>
  jobRequest(job, {
    engine: {},
    prompts: { describe: template },
    usePriors: true,
    capabilities: { ...CAN_ALL, numericPriors },
    imagePx: 336,
  });

describe('numbers beside a question', () => {
  it('are for engines that take them', () => {
    expect(asked(false).request.evidence).toBeNull();
    expect(asked(true).request.evidence).toMatchObject({ mesh, sharpness: 0.8 });
  });

  it('the mesh alone tells nothing that was measured: all claims can be checked', () => {
    const { request, told } = asked('mesh');
    expect(request.evidence).toEqual({ mesh, actionUnits: null, pose: null, sharpness: null });
    expect(told).toEqual([]);
    expect(asked(true).told).not.toEqual([]);
  });

  it('a question with a place for what was measured tells it, also beside the mesh', () => {
    expect(asked('mesh', taskPrompt('describe')).told).not.toEqual([]);
  });
});

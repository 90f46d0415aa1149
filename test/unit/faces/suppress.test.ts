import { describe, expect, it } from 'vitest';
import { probability } from '../../../src/domain/units.js';
import { addUnseen, dropContained, suppressWeighted } from '../../../src/faces/suppress.js';
import { detectionAt } from '../../support/faces.js';

describe('suppressWeighted', () => {
  it('averages an overlapping group by score and keeps the best score', () => {
    const [merged, ...others] = suppressWeighted([detectionAt(100, 100, 50, 0.5), detectionAt(104, 100, 50, 1)]);
    expect(others).toEqual([]);
    expect(merged!.score).toBe(1);
    expect((merged!.box.left + merged!.box.right) / 2).toBeCloseTo((100 * 0.5 + 104) / 1.5);
    expect(merged!.keypoints.nose.x).toBeCloseTo((100 * 0.5 + 104) / 1.5);
  });
  it('keeps faces apart that hardly overlap, strongest first', () => {
    const kept = suppressWeighted([detectionAt(100, 100, 50, 0.6), detectionAt(140, 100, 50, 0.8)]);
    expect(kept.map((detection) => detection.score)).toEqual([0.8, 0.6]);
  });
  it('takes no mean of a face and the same face read on its head', () => {
    const upright = detectionAt(100, 100, 50, 0.9);
    const { rightEye, leftEye } = upright.keypoints;
    const onHead = {
      ...detectionAt(108, 100, 50, 0.8),
      keypoints: { ...upright.keypoints, rightEye: leftEye, leftEye: rightEye },
    };
    expect(suppressWeighted([onHead, upright])).toEqual([upright]);
  });

  it('believes that a face lies only when that is clearly surer', () => {
    const upright = detectionAt(100, 100, 50, 0.5);
    const { rightEye, leftEye } = upright.keypoints;
    const lying = (score: number) => ({
      ...detectionAt(100, 100, 50, score),
      keypoints: { ...upright.keypoints, rightEye: leftEye, leftEye: rightEye },
    });
    expect(suppressWeighted([lying(0.6), upright])[0]).toEqual(upright);
    expect(suppressWeighted([lying(0.7), upright]).map(({ score }) => score)).toEqual([0.7]);
  });

  it('does not change its input', () => {
    const input = [detectionAt(0, 0, 10, 0.5), detectionAt(1, 0, 10, 0.9)];
    suppressWeighted(input);
    expect(input[0]!.score).toBe(0.5);
  });
});

describe('dropContained', () => {
  it('drops a part of a face that was seen whole', () => {
    expect(dropContained([detectionAt(100, 100, 100, 0.9), detectionAt(120, 120, 30, 0.8)])).toHaveLength(1);
  });
  it('keeps neighbours', () => {
    expect(dropContained([detectionAt(100, 100, 100, 0.9), detectionAt(170, 100, 50, 0.8)])).toHaveLength(2);
  });
});

describe('addUnseen', () => {
  const strong = detectionAt(100, 100, 100, 0.9);
  const weak = detectionAt(300, 100, 100, 0.4);
  it('adds what nothing else saw', () => {
    const edge = detectionAt(500, 100, 100, 0.4);
    expect(addUnseen([strong], [edge], 0.6)).toEqual([strong, edge]);
  });
  it('keeps the nearer view of a face that both see', () => {
    expect(addUnseen([strong, weak], [detectionAt(110, 80, 80, 0.95), detectionAt(300, 90, 90, 0.5)], 0.6)).toEqual([
      strong,
      weak,
    ]);
  });
  it('is not stopped by something weaker and small on the face', () => {
    const face = detectionAt(100, 100, 200, 0.5);
    const ear = detectionAt(160, 100, 20, 0.4);
    expect(addUnseen([ear], [face], 0.6)).toEqual([face]);
    expect(addUnseen([detectionAt(110, 100, 160, 0.4)], [face], 0.6)).not.toContain(face);
    const strongEar = detectionAt(160, 100, 20, 0.7);
    expect(addUnseen([strongEar], [{ ...face, score: probability(0.8) }], 0.6)).toEqual([strongEar]);
  });
  it('takes the surer of two that read one face turned against each other', () => {
    const upright = detectionAt(100, 100, 50, 0.65);
    const { rightEye, leftEye } = upright.keypoints;
    const turned = {
      ...detectionAt(100, 100, 50, 0.85),
      keypoints: { ...upright.keypoints, rightEye: leftEye, leftEye: rightEye },
    };
    expect(addUnseen([upright], [turned], 0.6)).toEqual([turned]);
    expect(addUnseen([turned], [upright], 0.6)).toEqual([turned]);
  });

  it('takes a strong sight for a weak one', () => {
    const sure = detectionAt(300, 90, 110, 0.8);
    expect(addUnseen([strong, weak], [sure], 0.6)).toEqual([strong, sure]);
  });
});

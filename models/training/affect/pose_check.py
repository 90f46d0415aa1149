"""python -m affect.pose_check --set PREFIX: head pose and eye opening of the product against rendered truth.

The generator's angles are Rz(roll) Rx(pitch) Ry(yaw) about the camera's axes, the product's Ry(yaw) Rx(pitch) Rz(roll): the
product's rotation is taken apart again in the generator's order before they are compared.
"""

import argparse

import numpy as np

from .au_metrics import auc


def reordered(pose: np.ndarray) -> np.ndarray:
    """Angles [n, 3] of Ry Rx Rz as angles of Rz Rx Ry."""
    (cy, sy), (cp, sp), (cr, sr) = ((np.cos(a), np.sin(a)) for a in (pose[:, 0], -pose[:, 1], pose[:, 2]))
    # Rows of Ry(yaw) Rx(-pitch) Rz(roll) that the other order reads.
    r01 = -cy * sr + sy * sp * cr
    r11 = cp * cr
    r20, r21, r22 = -sy * cr + cy * sp * sr, sy * sr + cy * sp * cr, cy * cp
    return np.stack([np.arctan2(-r20, r22), np.arcsin(-r21), np.arctan2(-r01, r11)], 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", required=True)
    options = parser.parse_args()
    facts = np.load(f"{options.set}.facts.npy")
    with np.load(f"{options.set}.truth.npz") as truth:
        pose, units, keys = truth["pose"], truth["au"], [str(k) for k in truth["keys"]]
    found = facts[:, 0] > 0
    error = np.degrees(np.abs(reordered(facts[:, 1:4]) - pose))
    print(f"{found.sum()} of {len(found)} faces found; mean absolute error in degrees (yaw, pitch, roll)")
    for limit in (15, 30, 40, 45):
        near = found & (np.abs(np.degrees(pose[:, 0])) <= limit)
        print(f"  yaw within {limit}: {error[near].mean(0).round(2)} mean {error[near].mean():.2f} n {near.sum()}")
    for side, column in (("L", 6), ("R", 7)):
        closing = units[:, keys.index(f"45{side}")]
        near = found & (np.abs(np.degrees(pose[:, 0])) <= 30) & ((closing >= 0.8) | (closing == 0))
        closed = closing[near] >= 0.8
        print(f"  eye {side} within 30: AUC closed against open {auc(-facts[near, column], closed):.3f} ({closed.sum()} closed)")


if __name__ == "__main__":
    main()

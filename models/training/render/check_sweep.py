"""How close does MediaPipe's FaceLandmarker come to the known head rotations of a rotation sweep?

python check_sweep.py --task face_landmarker.task --folder SWEEP_FOLDER
"""

import argparse
import json
from pathlib import Path

import mediapipe as mp
import numpy as np
from check_landmarks import angles
from PIL import Image


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", required=True)
    parser.add_argument("--folder", required=True, type=Path)
    args = parser.parse_args()
    shots = json.loads((args.folder / "sweep.truth.json").read_text())["shots"]
    vision = mp.tasks.vision
    options = vision.FaceLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=args.task), num_faces=1, output_facial_transformation_matrixes=True
    )
    pairs = []
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        for shot in shots:
            picture = np.ascontiguousarray(Image.open(args.folder / shot["file"]).convert("RGB"))
            found = landmarker.detect(mp.Image(mp.ImageFormat.SRGB, picture)).facial_transformation_matrixes
            if found:
                pairs.append(np.concatenate([shot["pose"], angles(np.asarray(found[0])[:3, :3])]))
    known, seen = np.split(np.degrees(np.array(pairs)), 2, axis=1)
    print(f"{len(shots)} poses, found {len(pairs)}")
    for k, name in enumerate(("yaw", "pitch", "roll")):
        error = seen[:, k] - known[:, k]
        r = np.corrcoef(known[:, k], seen[:, k])[0, 1]
        print(f"{name}: bias {error.mean():+.2f} deg, mean absolute {np.abs(error).mean():.2f} deg, r {r:.4f}")


if __name__ == "__main__":
    main()

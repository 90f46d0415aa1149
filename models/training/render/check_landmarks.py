"""Does a real model see the rendered faces, and do its blendshapes follow the known movements?

python check_landmarks.py --task face_landmarker.task --folder ../../../test/fixtures/demo --clip talking-face [--overlays DIR]
Prints the detection rate over visible faces, the landmark error on eyes and nose, pose error and blendshape correlations.
"""

import argparse
import json
import subprocess
from pathlib import Path

import mediapipe as mp
import numpy as np
from PIL import Image, ImageDraw

# Blendshapes of the checker against the action unit they should follow.
FOLLOWS = {
    "1": ["browInnerUp"], "2": ["browOuterUpLeft", "browOuterUpRight"], "4": ["browDownLeft", "browDownRight"],
    "5": ["eyeWideLeft", "eyeWideRight"], "7": ["eyeSquintLeft", "eyeSquintRight"],
    "12": ["mouthSmileLeft", "mouthSmileRight"], "15": ["mouthFrownLeft", "mouthFrownRight"],
    "24": ["mouthPressLeft", "mouthPressRight"], "26": ["jawOpen"], "45": ["eyeBlinkLeft", "eyeBlinkRight"],
}  # fmt: skip
EYES = {"leftEye": (263, 362), "rightEye": (33, 133)}


def pictures(video: Path, width: int, height: int):
    command = ["ffmpeg", "-loglevel", "error", "-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while raw := process.stdout.read(width * height * 3):
            yield np.frombuffer(raw, np.uint8).reshape(height, width, 3)


def angles(matrix: np.ndarray) -> np.ndarray:
    """HeadPose yaw, pitch, roll of a rotation Rz(-roll) Rx(-pitch) Ry(-yaw)."""
    return -np.array([np.arctan2(-matrix[2, 0], matrix[2, 2]), np.arcsin(matrix[2, 1]), np.arctan2(-matrix[0, 1], matrix[1, 1])])


def matched(people: list[dict], i: int, found: list[np.ndarray]) -> list[tuple[dict, int | None]]:
    out = []
    for person in people:
        frames = person["frames"]
        if not frames["visible"][i]:
            continue
        left, top, right, bottom = frames["box"][i]
        hit = [k for k, p in enumerate(found) if left < p[:, 0].mean() < right and top < p[:, 1].mean() < bottom]
        out.append((person, hit[0] if hit else None))
    return out


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", required=True)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--clip", default="talking-face")
    parser.add_argument("--overlays", type=Path)
    args = parser.parse_args()
    truth = json.loads((args.folder / f"{args.clip}.truth.json").read_text())
    vision = mp.tasks.vision
    options = vision.FaceLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=args.task), running_mode=vision.RunningMode.IMAGE, num_faces=2,
        output_face_blendshapes=True, output_facial_transformation_matrixes=True,
    )  # fmt: skip
    width, height = truth["widthPx"], truth["heightPx"]
    hits: list[bool] = []
    spurious = frame_count = 0
    errors: dict[str, list[float]] = {"leftEye": [], "rightEye": [], "nose": []}
    poses: list[np.ndarray] = []
    values: dict[str, list[tuple[float, float]]] = {au: [] for au in FOLLOWS}
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        for i, picture in enumerate(pictures(args.folder / f"{args.clip}.mp4", width, height)):
            frame_count += 1
            result = landmarker.detect(mp.Image(mp.ImageFormat.SRGB, np.ascontiguousarray(picture)))
            found = [np.array([[p.x * width, p.y * height] for p in face]) for face in result.face_landmarks]
            pairs = matched(truth["people"], i, found)
            spurious += max(0, len(found) - sum(p["frames"]["box"][i] is not None for p in truth["people"]))
            for person, k in pairs:
                hits.append(k is not None)
                if k is None:
                    print(f"missed: frame {i} person {person['person']} pose {person['frames']['pose'][i]}")
                    continue
                f, points = person["frames"], found[k]
                scale = np.hypot(*np.subtract(f["leftEye"][i], f["rightEye"][i]))
                for name, corners in EYES.items():
                    errors[name].append(np.hypot(*(points[list(corners)].mean(0) - f[name][i])) / scale)
                errors["nose"].append(np.hypot(*(points[1] - f["nose"][i])) / scale)
                poses.append(np.concatenate([f["pose"][i], angles(np.asarray(result.facial_transformation_matrixes[k])[:3, :3])]))
                scores = {c.category_name: c.score for c in result.face_blendshapes[k]}
                for au, names in FOLLOWS.items():
                    column = person["aus"].get(au)
                    values[au].append((column[i] if column else 0.0, float(np.mean([scores[n] for n in names]))))
            if args.overlays and i % 15 == 0:
                args.overlays.mkdir(parents=True, exist_ok=True)
                image = Image.fromarray(picture).resize((width * 2, height * 2))
                draw = ImageDraw.Draw(image)
                for points in found:
                    for x, y in points * 2:
                        draw.point([(x, y), (x + 1, y)], fill=(0, 255, 0))
                for person, _ in pairs:
                    draw.rectangle([v * 2 for v in person["frames"]["box"][i]], outline=(255, 60, 60))
                image.save(args.overlays / f"{args.clip}-{i:04d}.png")
    print(
        f"{frame_count} frames; visible faces {len(hits)}, found {sum(hits)} = {np.mean(hits):.4f}; faces where none is: {spurious}"
    )
    for name, e in errors.items():
        print(f"{name}: median error {np.median(e):.3f} of the eye distance, 95th percentile {np.percentile(e, 95):.3f}")
    p = np.degrees(np.array(poses))
    for k, name in enumerate(("yaw", "pitch", "roll")):
        bias = (p[:, 3 + k] - p[:, k]).mean()
        spread = np.abs(p[:, 3 + k] - p[:, k] - bias).mean()
        moved = p[:, k].std() > 0.01
        print(
            f"{name}: mean difference {bias:+.1f} deg, mean absolute after it {spread:.1f} deg, r {np.corrcoef(p[:, k], p[:, 3 + k])[0, 1] if moved else 0:.3f}"
        )
    for au, pairs_ in values.items():
        a, b = np.array(pairs_).T
        if a.std() > 0:
            print(
                f"AU{au} {'+'.join(FOLLOWS[au])}: r {np.corrcoef(a, b)[0, 1]:.3f}, score at rest {b[a < 0.05].mean():.2f}, at apex {b[a > 0.9 * a.max()].mean():.2f}"
            )


if __name__ == "__main__":
    main()

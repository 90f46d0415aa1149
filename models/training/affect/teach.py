"""python -m affect.teach --task face_landmarker.task --pictures PREFIX: the teacher's 52 blendshapes of every picture.

Needs `mediapipe` (requirements-teacher.txt). Reads PREFIX.npy; writes PREFIX.teacher.npz with
blendshapes float32 [n, 52] (NaN where it finds no face) and their names.
"""

import argparse

import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", required=True)
    parser.add_argument("--pictures", required=True)
    options = parser.parse_args()
    pictures = np.load(f"{options.pictures}.npy", mmap_mode="r")
    settings = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=options.task),
        output_face_blendshapes=True,
        num_faces=1,
        min_face_detection_confidence=0.3,
    )
    scores, names = np.full((len(pictures), 52), np.nan, np.float32), []
    with vision.FaceLandmarker.create_from_options(settings) as landmarker:
        for index, picture in enumerate(pictures):
            colour = np.ascontiguousarray(np.repeat(picture[..., None], 3, 2))
            found = landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=colour)).face_blendshapes
            if found:
                names = [category.category_name for category in found[0]]
                scores[index] = [category.score for category in found[0]]
    np.savez(f"{options.pictures}.teacher.npz", blendshapes=scores, names=np.array(names))
    print(f"{int(np.isfinite(scores[:, 0]).sum())} faces in {len(pictures)} pictures")


if __name__ == "__main__":
    main()

"""Smoke tests of the covers and of the network that sees them, on a face made here."""

import json

import numpy as np
import onnxruntime
import pytest
import torch

from occlusion import measure, mesh, occluders, parts, textures
from occlusion.calibrate import fitted
from occlusion.data import Faces, augmented
from occlusion.export import manifest_of, write_onnx
from occlusion.network import Deployed, Visibility
from occlusion.train import fit, loss_of, visible_of
from occlusion.widen import Affect, fit_loss, fit_widening

CANONICAL = mesh.GRAPH.parent / "canonical-face.json"


@pytest.fixture(scope="module")
def face():
    """The canonical face, seen from the front, 90 pixels wide, on a smooth picture."""
    if not CANONICAL.exists():
        pytest.fail("npm run build first: the canonical face comes from dist/graphs")
    points = np.array(json.loads(CANONICAL.read_text())["vertices"]).reshape(-1, 3)
    scale = 90 / np.ptp(points[:, 0])
    pixels = np.stack([72 + scale * points[:, 0], 72 - scale * points[:, 1], -scale * points[:, 2]], 1)
    gray = (120 + 20 * textures.clouds(np.random.default_rng(1), (144, 144), 6)).clip(0, 255).astype(np.uint8)
    return occluders.Face(gray, pixels, 255 - gray)


def test_the_graphs_as_they_are_built_take_what_they_are_fed(face):
    mesher, affect = mesh.Mesher(), Affect()
    fitted_mesh, presence = mesher.fit(face.gray, *mesh.around(face.mesh))
    assert fitted_mesh.shape == (468, 3) and 0 <= presence <= 1
    logits = affect.logits(face.gray, face.mesh)
    assert logits.shape == (8,) and np.isfinite(logits).all()
    # What is seen counts: another picture, other logits.
    assert not np.allclose(affect.logits(face.other, face.mesh), logits)


def test_crops_are_cut_as_the_product_cuts_them():
    given = type("Input", (), {"name": mesh.CROPS, "shape": ["faces", 1, 2, 2]})
    session = type("Session", (), {"get_inputs": lambda self: [given]})()
    gray = np.array([[0, 255], [100, 100]], np.uint8)
    whole = mesh.square_matrix(np.array([1.0, 1.0]), 2.0, 0.0)
    assert np.abs(mesh.crops(session, gray, whole)[mesh.CROPS][0, 0] - gray).max() <= 0.6  # rounded to a video's 220 steps
    beside = mesh.square_matrix(np.array([-3.0, 1.0]), 2.0, 0.0)  # the border goes on
    assert np.abs(mesh.crops(session, gray, beside)[mesh.CROPS][0, 0] - [[0, 0], [100, 100]]).max() <= 0.6


def test_nothing_hides_nothing_and_a_sheet_hides_all(face):
    assert parts.visibility(face.mesh, np.zeros((144, 144), np.float32)).tolist() == [1.0] * 9
    assert np.allclose(parts.visibility(face.mesh, np.ones((144, 144), np.float32)), 0, atol=1e-6)


def test_half_of_a_face_hides_the_parts_of_that_half(face):
    cover = np.zeros((144, 144), np.float32)
    cover[:, :72] = 1  # left in the picture: the subject's right
    seen = dict(zip(parts.PARTS, parts.visibility(face.mesh, cover), strict=True))
    assert seen["rightBrow"] < 0.05 and seen["rightEye"] < 0.05 and seen["rightCheek"] < 0.05
    assert seen["leftBrow"] > 0.95 and seen["leftEye"] > 0.95 and seen["leftCheek"] > 0.95
    assert 0.4 < seen["mouth"] < 0.6 and 0.4 < seen["nose"] < 0.6


@pytest.mark.parametrize("kind", list(occluders.KINDS))
def test_every_kind_is_drawn_and_the_same_again_with_the_same_seed(face, kind):
    draw = lambda seed: occluders.laid_over(face, occluders.KINDS[kind](face, np.random.default_rng(seed)), np.random.default_rng(seed))
    changed = 0
    for seed in range(8):
        picture, hidden = draw(seed)
        assert picture.dtype == np.uint8 and picture.shape == hidden.shape == (144, 144)
        changed += int((picture != face.gray).any())
    assert changed > 4
    assert (draw(3)[0] == draw(3)[0]).all()


def test_masks_hide_the_chin_sunglasses_the_eyes_and_clear_glasses_nothing(face):
    seen = lambda kind: np.mean([
        parts.visibility(face.mesh, occluders.laid_over(face, occluders.KINDS[kind](face, np.random.default_rng(s)), np.random.default_rng(s))[1])
        for s in range(10)], 0)  # fmt: skip
    masked, dark, clear = (dict(zip(parts.PARTS, seen(kind), strict=True)) for kind in ("mask", "sunglasses", "glasses"))
    assert masked["chin"] < 0.1 and masked["mouth"] < 0.35 and masked["leftEye"] > 0.95
    assert dark["leftEye"] < 0.3 and dark["mouth"] == 1
    assert min(clear.values()) == 1


def test_the_crop_has_the_face_where_the_template_says(face):
    matrix = mesh.alignment_matrix(face.mesh)
    eye = face.mesh[[33, 133], :2].mean(0)
    unit = np.linalg.solve(matrix[:, :2], eye - matrix[:, 2])
    assert np.allclose(unit, mesh.ALIGNMENT["rightEye"], atol=0.04)
    assert mesh.sample(face.gray, matrix).shape == (mesh.SIZE, mesh.SIZE)


def made(count: int) -> Faces:
    """Crops that are light; half of them with a dark mouth, which is covered."""
    rng = np.random.default_rng(0)
    crops = rng.normal(170, 25, (count, mesh.SIZE, mesh.SIZE)).clip(0, 255).astype(np.uint8)
    visible = np.ones((count, 9), np.float32)
    crops[::2, 36:56, 16:48] //= 8
    visible[::2, 7] = 0
    return Faces(crops, visible, np.where(np.arange(count) % 2, -1, 0), np.zeros(count, int), np.array(["a"]), ["thing"])


def test_a_mirrored_crop_has_mirrored_truth():
    visible = np.tile(np.arange(9, dtype=np.float32), (64, 1))
    _, truth = augmented(np.zeros((64, mesh.SIZE, mesh.SIZE), np.uint8), visible, np.random.default_rng(0))
    assert {tuple(row) for row in truth.int().tolist()} == {tuple(range(9)), tuple(parts.MIRRORED)}


def test_a_part_without_pixels_does_not_count():
    unknown = torch.full((1, 9), float("nan"))
    unknown[0, 0] = 1
    assert loss_of(torch.full((1, 9), 20.0), unknown) < 1e-6


def test_it_learns_what_is_covered_and_is_exported_as_it_is(tmp_path):
    faces = made(256)
    network = fit(faces, epochs=12)
    logits = visible_of(network, faces.crops)
    assert measure.auc(-logits[:, 7], faces.visible[:, 7] == 0) > 0.95
    slope, shift = (values.astype(np.float32) for values in fitted(logits, faces.kind == -1))
    assert shift[0] == shift[1]
    assert ((logits * slope + shift)[faces.kind == -1] < 0).mean() < 0.05
    write_onnx(Deployed(network, torch.tensor(slope), torch.tensor(shift)), tmp_path / "weights.onnx")
    said = onnxruntime.InferenceSession(str(tmp_path / "weights.onnx")).run(None, {"crops": faces.crops[:5]})[0]
    assert np.allclose(said, 1 / (1 + np.exp(-(logits[:5] * slope + shift))), atol=1e-4)
    manifest = manifest_of(tmp_path / "weights.onnx", {"widening": {}, "loss": {}, "maxLoss": 2}, "0.0.0")
    assert manifest["labels"]["parts"] == parts.PARTS and manifest["inputs"][0]["shape"][1] == mesh.SIZE
    assert (tmp_path / "weights.onnx").stat().st_size < 1_000_000


def test_widening_finds_what_is_lost_without_the_mouth():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 8, 4000)
    logits = 4 * np.eye(8)[labels]
    visible = np.ones((4000, 9), np.float32)
    visible[::2, 7] = 0
    lost = (rng.random(4000) < 0.5) & (np.arange(4000) % 2 == 0)
    logits[lost] = 4 * np.eye(8)[rng.integers(0, 8, int(lost.sum()))]
    weights = fit_widening(logits.astype(np.float32), visible, labels)
    assert weights[4] > 0.3 and weights[4] == weights.max()
    losses, limit = fit_loss(logits.argmax(1) == labels, visible)
    assert losses[4] == losses.max() and 0 < limit and losses[:4].max() < 0.1


def test_auc_against_values_worked_out_by_hand():
    assert measure.auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert measure.auc(np.array([0.5, 0.5]), np.array([True, False])) == 0.5

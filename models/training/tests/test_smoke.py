"""Train, resume, export and parity on data made here: no data set is needed."""

import numpy as np
import onnxruntime
import torch

from affect import data, metrics
from affect.export import top_label_temperature, write_onnx
from affect.network import Branches, Deployed
from affect.train import build, logits_of, train

CONFIG = {
    "seed": 3, "widths": [8, 16], "depths": [1, 1], "dropout": 0.2, "epochs": 2, "batch": 32,
    "rate": 0.01, "warmup": 2, "decay": 0.0, "averaging": 0.9,
}


def toy(count: int, seed: int) -> data.Faces:
    """Eight classes told apart by where a bright bar lies."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 8, count)
    images = rng.integers(0, 60, (count, 48, 48)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[label * 6 : label * 6 + 6] += 180
    return data.Faces(images, np.eye(8, dtype=np.float32)[labels], np.arange(count))


def test_training_learns_and_resumes_to_the_same_weights(tmp_path):
    faces, valid = toy(192, 0), toy(64, 1)
    torch.set_num_threads(1)
    longer = {**CONFIG, "epochs": 6}
    whole = train(faces, valid, longer, tmp_path / "whole", "cpu")
    assert (logits_of(whole, valid.images).argmax(1).numpy() == valid.targets.argmax(1)).mean() > 0.3

    # An interrupted run: the checkpoint of its third epoch, then the rest.
    part = tmp_path / "part"
    saved = {}
    real_save = torch.save

    def keep(state, path):
        real_save(state, path)
        saved[state["epoch"]] = open(path, "rb").read()

    torch.save = keep
    try:
        train(faces, valid, longer, tmp_path / "again", "cpu")
    finally:
        torch.save = real_save
    part.mkdir()
    (part / "checkpoint.pt").write_bytes(saved[2])
    resumed = train(faces, valid, longer, part, "cpu")
    for a, b in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_fused_branches_compute_the_same():
    torch.manual_seed(0)
    for stride, outputs in [(1, 6), (2, 9)]:
        block = Branches(6, outputs, stride)
        for norm in [m for m in block.modules() if isinstance(m, torch.nn.BatchNorm2d)]:
            torch.nn.init.uniform_(norm.weight, 0.5, 2)
            torch.nn.init.normal_(norm.bias)
            torch.nn.init.normal_(norm.running_mean)
            torch.nn.init.uniform_(norm.running_var, 0.5, 2)
        block.eval()
        x = torch.randn(2, 6, 12, 12)
        assert torch.allclose(block(x), torch.relu(block.fused()(x)), atol=1e-4)


def test_exported_graph_equals_pytorch_for_any_batch(tmp_path):
    torch.manual_seed(1)
    network = build(CONFIG).eval()
    path = tmp_path / "weights.onnx"
    write_onnx(network, 1.7, 48, path)
    session = onnxruntime.InferenceSession(str(path))
    for count in (1, 5):
        crops = np.random.default_rng(count).integers(0, 256, (count, 48, 48)).astype(np.uint8)
        expected = Deployed(network, 1.7).eval()(torch.from_numpy(crops)).detach().numpy()
        assert np.abs(session.run(None, {"crops": crops})[0] - expected).max() < 1e-3
        assert np.abs(logits_of(network, crops).numpy() / 1.7 - expected).max() < 1e-3


def test_metrics_against_values_worked_out_by_hand():
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4], [0.3, 0.7], [0.9, 0.1]])
    found = metrics.report(probabilities, np.array([0, 1, 1, 0]))
    assert found["accuracy"] == 0.75
    assert found["balancedAccuracy"] == 0.75
    assert abs(found["macroF1"] - (0.8 + 2 / 3) / 2) < 1e-9
    assert found["confusion"] == [[2, 0], [1, 1]]
    assert abs(found["ece"] - (0.2 + 0.6 + 0.3 + 0.1) / 4) < 1e-9


def test_temperature_recovers_overconfidence():
    rng = np.random.default_rng(0)
    logits = torch.from_numpy(rng.normal(0, 1.5, (4000, 8)).astype(np.float32))
    labels = torch.distributions.Categorical(logits=logits).sample()
    assert abs(top_label_temperature(logits * 2, labels) - 2) < 0.15


def test_votes_become_shares(tmp_path):
    votes = np.zeros((3, 10), np.uint8)
    votes[0, [0, 1, 8]] = [5, 3, 2]
    votes[1, 9] = 10
    votes[2, 3] = 10
    images = np.zeros((3, 48, 48), np.uint8)
    np.savez(tmp_path / "f.npz", images=images, votes=votes, split=np.array([0, 0, 1]), ids=np.arange(3))
    faces = data.load(str(tmp_path / "f.npz"), "train")
    assert faces.ids.tolist() == [0]
    assert np.allclose(faces.targets[0][:2], [0.625, 0.375])

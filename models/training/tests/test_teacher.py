"""The teacher's trunk: reading a frozen graph, its shape, a run with it, and what others learn from that run."""

import numpy as np
import pytest
import torch
from test_smoke import CONFIG, start, toy

from affect import soften
from affect.facenet import FEATURES, FaceNet, pretrained, read_frozen
from affect.network import Network
from affect.train import Teacher, load_average, logits_of, mixed, train

TEACHER = CONFIG | {"trunk": "facenet", "size": 80, "freeze": 7, "epochs": 1, "rate": 0.0003}


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def message(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def constant(name: str, values: np.ndarray) -> bytes:
    """A Const node of a GraphDef, as TensorFlow writes it (graph.proto, tensor.proto)."""
    shape = b"".join(message(2, b"\x08" + varint(size)) for size in values.shape)
    tensor = b"\x08\x01" + message(2, shape) + message(4, values.astype("<f4").tobytes())
    kind = message(5, message(1, b"dtype") + message(2, b"\x30\x01"))
    value = message(5, message(1, b"value") + message(2, message(8, tensor)))
    return message(1, message(1, name.encode()) + message(2, b"Const") + kind + value)


def test_constants_of_a_frozen_graph_are_read_by_name(tmp_path):
    values = np.arange(300, dtype=np.float32).reshape(1, 3, 100)
    other = message(1, message(1, b"relu") + message(2, b"Relu") + message(3, b"a/weights"))
    (tmp_path / "g.pb").write_bytes(constant("a/weights", values) + other + constant("b/biases", values[0, 0]))
    found = read_frozen(tmp_path / "g.pb")
    assert list(found) == ["a/weights", "b/biases"]
    assert np.array_equal(found["a/weights"], values)


def test_a_graph_with_other_layers_is_refused(tmp_path):
    (tmp_path / "g.pb").write_bytes(constant("InceptionResnetV1/Conv2d_1a_3x3/weights", np.zeros((3, 3, 3, 32))))
    with pytest.raises(KeyError, match="Conv2d_1a_3x3/Conv2D_bn_offset"):
        pretrained(tmp_path / "g.pb")


def test_teacher_trains_is_loaded_again_and_softens_targets(tmp_path):
    torch.manual_seed(2)
    faces, valid = toy(32, 0), toy(16, 1)
    network = Network(FaceNet(), 8, 0.0)
    stem = network.trunk.layers[0].weight.clone()
    trained = train(faces, valid, TEACHER, network, tmp_path / "teacher", "cpu").eval()
    assert torch.equal(trained.trunk.layers[0].weight, stem)  # frozen
    again = load_average(tmp_path / "teacher")
    x = torch.randn(2, 1, 80, 80)
    with torch.no_grad():
        assert again.trunk(x).shape == (2, FEATURES)
        assert torch.allclose(again(x), trained(x), atol=1e-5)
    seen = soften.of_run(tmp_path / "teacher", faces.images, valid)
    assert seen.shape == (32, 8)
    assert np.allclose(seen.sum(1), 1, atol=1e-5)
    mirrored = soften.of_run(tmp_path / "teacher", faces.images[:, :, ::-1].copy(), valid)
    assert np.allclose(seen, mirrored, atol=2e-2)  # both sides are averaged; bfloat16


def test_a_pupil_learns_what_its_teacher_sees_instead_of_the_votes(tmp_path):
    faces, valid = toy(32, 0), toy(16, 1)

    def fear(x):
        return torch.eye(8)[torch.full((len(x),), 6)]

    pupil = train(faces, valid, CONFIG | {"epochs": 4, "taught": 1.0, "mixed": 0.5}, start(), tmp_path / "pupil", "cpu", fear)
    assert set(logits_of(pupil, valid.images, CONFIG["size"]).argmax(1).tolist()) == {6}
    with pytest.raises(ValueError, match="go together"):
        train(faces, valid, CONFIG, start(), tmp_path / "other", "cpu", fear)


def test_a_teacher_sees_pictures_of_any_size_at_its_temperature(tmp_path):
    valid = toy(16, 1)
    train(toy(32, 0), valid, TEACHER, Network(FaceNet(), 8, 0.0), tmp_path / "teacher", "cpu")
    teacher = Teacher(tmp_path / "teacher", valid)
    x = torch.randn(3, 1, 96, 96)
    with torch.no_grad():
        logits = load_average(tmp_path / "teacher")(x)
    assert torch.allclose(teacher(x), (logits / teacher.temperature).softmax(1), atol=2e-2)


def test_mixing_keeps_the_share_of_each_picture():
    assert torch.allclose(mixed(torch.tensor([[0.0], [4.0], [8.0]]), 0.75), torch.tensor([[2.0], [4.0], [6.0]]))

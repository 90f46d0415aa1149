"""Train, resume, export and parity on data made here: no data set, no downloaded weights."""

import json
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from affect import au_data, au_metrics, data, metrics, shipped
from affect.action_units import teacher_columns
from affect.annotators import agreement, asked
from affect.au_network import GEOMETRY, ActionUnits, loss_of
from affect.au_train import CONFIG as AU_CONFIG
from affect.au_train import MOST_RAISED, assemble, fit, held_out, mirror, predict, set_rest, swapped, table
from affect.blend import blend
from affect.calibration import abstain_threshold, bias_corrected_temperature, top_label_temperature
from affect.emotion_units import clear, weak_presence
from affect.export import write_onnx
from affect.geometry import HeadFrame, mirrored
from affect.network import Deployed, Network
from affect.read_train import CONFIG as READ_CONFIG
from affect.read_train import TEMPERATURES, Evidence, temper
from affect.read_train import fit as fit_reader
from affect.reader import READ, EmotionReader
from affect.soften import probabilities
from affect.sure import sure
from affect.train import load_average, logits_of, softened, train
from affect.trunk import Trunk, normalised, read_tfjs

SIZE = 128
CONFIG = {
    "seed": 3, "size": SIZE, "freeze": 10, "dropout": 0.0, "epochs": 2, "batch": 16, "rate": 0.001, "headRate": 10, "warmup": 1,
    "decay": 0.0, "averaging": 0.5, "augmentation": 0.0, "balance": 0.0,
}  # fmt: skip


def toy(count: int, seed: int) -> data.Faces:
    """Two classes: bright or dark."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    images = (rng.integers(0, 40, (count, 48, 48)) + labels[:, None, None] * 200).astype(np.uint8)
    return data.Faces(images, np.eye(8, dtype=np.float32)[labels], np.arange(count))


def trunk() -> Trunk:
    torch.manual_seed(5)
    made = Trunk()
    for layer in [made.stem, *made.layers]:
        torch.nn.init.kaiming_normal_(layer.weight)
    return made


def start(dropout: float = 0.0) -> Network:
    return Network(trunk(), 8, dropout)


def test_a_resumed_run_ends_with_the_weights_of_a_whole_one(tmp_path):
    faces, valid = toy(32, 0), toy(16, 1)
    torch.set_num_threads(2)
    saved, real_save = {}, torch.save

    def keep(state, path):
        real_save(state, path)
        saved[state["epoch"]] = open(path, "rb").read()

    torch.save = keep
    try:
        whole = train(faces, valid, CONFIG, start(), tmp_path / "whole", "cpu")
    finally:
        torch.save = real_save
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "checkpoint.pt").write_bytes(saved[0])
    resumed = train(faces, valid, CONFIG, start(), tmp_path / "part", "cpu")
    for a, b in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.allclose(a, b, atol=1e-4)
    with pytest.raises(ValueError, match="another configuration"):
        train(faces, valid, CONFIG | {"rate": 1.0}, start(), tmp_path / "part", "cpu")


def test_a_second_schedule_goes_on_from_the_average_of_the_first_with_softened_targets(tmp_path):
    faces, valid = toy(32, 0), toy(16, 1)
    first = train(faces, valid, CONFIG, start(), tmp_path / "first", "cpu").eval()
    again = load_average(tmp_path / "first", 0.3)
    assert again.dropout.p == 0.3
    x = normalised(torch.from_numpy(valid.images), SIZE)
    with torch.no_grad():
        assert torch.allclose(again(x), first(x), atol=1e-5)
    path = tmp_path / "first.onnx"
    write_onnx(Deployed(first, SIZE, 1.0, None, []).eval(), path)
    soft = probabilities(onnxruntime.InferenceSession(str(path)), faces.images)
    assert np.allclose(soft.sum(1), 1)
    np.savez(tmp_path / "soft.npz", ids=faces.ids, probabilities=soft)
    mixed = softened(faces, str(tmp_path / "soft.npz"), 0.25)
    assert np.allclose(mixed.targets, 0.75 * faces.targets + 0.25 * soft)
    with pytest.raises(ValueError, match="other faces"):
        softened(toy(31, 0), str(tmp_path / "soft.npz"), 0.25)


def test_a_blend_lies_between_its_networks():
    first, second = ({"w": torch.full((2,), value)} for value in (1.0, 3.0))
    assert blend(first, second, 0.25)["w"].tolist() == [1.5, 1.5]
    with pytest.raises(ValueError, match="different networks"):
        blend(first, {"v": second["w"]}, 0.25)


def test_exported_graph_equals_pytorch_for_any_batch(tmp_path):
    torch.manual_seed(1)
    network = Network(trunk(), 8, 0.0)
    torch.nn.init.normal_(network.emotion.weight)
    # 144 is odd at the last stride (9 cells), 128 is even (8).
    for size, half, tolerance in ((SIZE, False, 1e-3), (144, False, 1e-3), (SIZE, True, 5e-2)):
        units = ActionUnits(3, torch.zeros(GEOMETRY), torch.ones(GEOMETRY), size // 16).eval()
        deployed = Deployed(network, size, 1.7, units, [2, 0], torch.linspace(0, 1, 8)).eval()
        with torch.no_grad():
            x = normalised(torch.zeros(1, 48, 48, dtype=torch.uint8), size)
            emotions = deployed(torch.zeros(1, 48, 48, dtype=torch.uint8), torch.rand(1, 468, 3))[0]
            assert torch.allclose(emotions, network(x) / 1.7 + torch.linspace(0, 1, 8), atol=1e-3)
        path = tmp_path / f"weights-{size}-{half}.onnx"
        write_onnx(deployed, path, half, crop=48)
        assert "Pad" not in {node.op_type for node in onnx.load(str(path)).graph.node}
        session = onnxruntime.InferenceSession(str(path))
        for count in (1, 5):
            rng = np.random.default_rng(count)
            crops, landmarks = rng.integers(0, 256, (count, 48, 48)).astype(np.uint8), rng.random((count, 468, 3), np.float32)
            with torch.no_grad():
                expected = deployed(torch.from_numpy(crops), torch.from_numpy(landmarks))
            found = session.run(["emotion_logits", "au_presence", "au_intensity"], {"crops": crops, "landmarks": landmarks})
            for a, b in zip(found, expected, strict=True):
                assert a.shape == tuple(b.shape)
                assert np.abs(a - b.numpy()).max() < tolerance * max(1.0, float(b.abs().max()))
    assert (tmp_path / "weights-128-True.onnx").stat().st_size < 0.6 * (tmp_path / "weights-128-False.onnx").stat().st_size


def test_head_frame_forgets_pose_place_and_size():
    rng = np.random.default_rng(0)
    mesh = torch.from_numpy(rng.normal(0, 1, (1, 468, 3)).astype(np.float32))
    q, _ = np.linalg.qr(rng.normal(0, 1, (3, 3)))
    turn = torch.from_numpy((q * np.sign(np.linalg.det(q))).astype(np.float32))
    moved = (mesh @ turn.T) * 0.37 + torch.tensor([0.2, -1.0, 3.0])
    a, b = HeadFrame()(mesh)[:, :-9], HeadFrame()(moved)[:, :-9]
    assert torch.allclose(a, b, atol=1e-3)


def test_mirroring_swaps_sides_and_is_its_own_inverse():
    rng = np.random.default_rng(0)
    half = rng.normal(0, 1, (234, 3)) + [3, 0, 0]
    rest = torch.from_numpy(np.concatenate([half, half * [-1, 1, 1]]).astype(np.float32))
    twin = mirrored(rest)
    assert twin.tolist() == [*range(234, 468), *range(234)]
    marks = torch.rand(2, 468, 3)
    assert torch.allclose(mirror(mirror(marks, twin), twin), marks, atol=1e-6)
    assert swapped(["12", "12L", "12R"]) == [0, 2, 1]


def gray_faces(count: int) -> au_data.Faces:
    """Faces whose one action unit is how light they are, and its intensity."""
    rng = np.random.default_rng(0)
    truth = (rng.random((count, 1)) * 5).astype(np.float32)
    crops = np.broadcast_to(truth[:, :, None] * 45, (count, 48, 48)).astype(np.uint8)
    marks = np.broadcast_to(rng.random((1, 468, 3)), (count, 468, 3)).astype(np.float32)
    unasked = np.full((count, len(data.EMOTIONS)), np.nan, np.float32)
    return au_data.Faces(crops, marks, truth, truth, np.full_like(truth, np.nan), unasked, np.arange(count), np.zeros(count))


def test_action_unit_heads_learn_what_the_crop_shows():
    faces = gray_faces(160)
    base, twin = trunk(), torch.arange(468)
    learned = assemble(base, SIZE, [(au_data.subset(faces, np.arange(120)), faces.targets[:120])], twin, ["25"])
    model = fit(learned, 1, AU_CONFIG | {"epochs": 60, "batch": 40})
    apart = au_data.subset(faces, np.arange(120, 160))
    presence, intensity = predict(model, apart, base, SIZE)
    row = table(presence, intensity, apart, ["25"])["25"]
    assert row["auc"] > 0.8 and row["pearson"] > 0.8


def test_a_teacher_on_another_scale_does_not_bend_the_heads():
    faces = gray_faces(240)
    truth = faces.targets
    base, twin = trunk(), torch.arange(468)
    rendered, photos = np.arange(100), np.arange(100, 200)
    parts = [(au_data.subset(faces, rendered), truth[rendered]), (au_data.subset(faces, photos), 0.2 * truth[photos] + 2)]
    model = fit(assemble(base, SIZE, parts, twin, ["25"]), 1, AU_CONFIG | {"epochs": 60, "batch": 40, "photoShare": 1.0})
    apart = au_data.subset(faces, np.arange(200, 240))
    intensity = predict(model, apart, base, SIZE)[1]
    slope = np.polyfit(truth[200:, 0], intensity[:, 0], 1)[0]
    assert slope > 0.75  # half rendered, half at a slope of 0.2, would give 0.6


def test_faces_whose_emotion_is_named_pull_a_resting_unit_down():
    faces = gray_faces(160)
    learned, base, twin = np.arange(120), trunk(), torch.arange(468)
    named = replace(au_data.subset(faces, learned), weak=np.full((120, 1), 0.03, np.float32))
    parts = [(au_data.subset(faces, learned), faces.targets[learned]), (named, np.full_like(named.targets, np.nan))]
    config = AU_CONFIG | {"epochs": 90, "batch": 40, "renderedShare": 1.0, "restIntensity": 1.0}
    apart = au_data.subset(faces, np.arange(120, 160))
    means = []
    for share in (0.0, 1.0):
        model = fit(assemble(base, SIZE, parts, twin, ["25"]), 1, config | {"namedShare": share})
        means.append(predict(model, apart, base, SIZE)[0].mean())
    assert means[1] < means[0] - 0.5


def test_presence_is_set_so_that_few_resting_faces_have_a_unit():
    model = ActionUnits(4, torch.zeros(GEOMETRY), torch.ones(GEOMETRY), 8)
    before = model.presence.bias.detach().clone()
    spread = np.linspace(-1, 1, 100)
    low, high = np.full((100, 4), -4.0), np.column_stack([spread, np.full(100, -3.0), spread, np.full(100, -0.5)])
    smiles = np.full((100, 4), 0.5)
    set_rest(model, [low, high], 0.02, ["4L", "12", "25", "5"], [smiles])
    shift = (before - model.presence.bias.detach()).numpy()
    assert ((high - shift) > 0).mean(0)[0] == pytest.approx(0.02)
    assert shift[1] == pytest.approx(-MOST_RAISED)  # rest leaves room: a shy unit is raised, as far as it may be
    assert shift[2] == 0  # lips part in speech
    assert shift[3] == pytest.approx(0.5)  # a smile has no raised lid


def test_an_emotion_tells_which_units_are_likely():
    shares = np.array([[1, 0, 0, 0, 0, 0, 0, 0], [0.5, 0, 0, 0, 0.5, 0, 0, 0]], np.float32)
    likely = weak_presence(shares, ["4", "12", "25"])
    assert likely[0, 0] < 0.1 and likely[1, 0] == pytest.approx((0.85 + likely[0, 0]) / 2)
    assert np.isnan(likely[:, 2]).all()  # lips part in speech too
    assert clear(np.array([[0.8, 0.2, 0, 0, 0, 0, 0, 0], [0.4, 0, 0, 0, 0, 0.6, 0, 0], [0.4, 0.6, 0, 0, 0, 0, 0, 0]])).tolist() == [True, True, False]


def test_a_released_network_is_what_was_exported(tmp_path):
    network = start().eval()
    torch.nn.init.normal_(network.emotion.weight)
    units = ActionUnits(3, torch.zeros(GEOMETRY), torch.ones(GEOMETRY), SIZE // 16).eval()
    write_onnx(Deployed(network, SIZE, 1.0, units, [0, 2]), tmp_path / "weights.onnx", half=False)
    again, heads = shipped.load(tmp_path / "weights.onnx"), shipped.load_units(tmp_path / "weights.onnx")
    x, marks = normalised(torch.from_numpy(toy(2, 0).images), SIZE), torch.rand(2, 468, 3)
    with torch.no_grad():
        assert torch.allclose(again(x), network(x), atol=1e-4)
        detail = network.trunk.both(x)[1]
        for a, b in zip(heads(marks, detail), units(marks, detail), strict=True):
            assert torch.allclose(a, b, atol=1e-4)


def test_unknown_targets_do_not_count():
    presence, intensity = torch.zeros(1, 2), torch.tensor([[1.0, 9.0]])
    known = loss_of(presence, intensity, torch.tensor([[1.0, float("nan")]]), torch.ones(1, 1))
    assert abs(known.item() - 0.5 * np.log(2)) < 1e-6


def test_agreement_measures_against_values_worked_out_by_hand():
    assert au_metrics.auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75
    assert au_metrics.auc(np.array([1.0, 1.0]), np.array([False, True])) == 0.5
    # Shrout & Fleiss 1979: judges 1 and 2 of their six targets. Mean squares: between 4.6833, residual 0.6833.
    a, b = np.array([9, 6, 8, 7, 10, 6.0]), np.array([2, 1, 4, 1, 5, 2.0])
    assert abs(au_metrics.icc31(a, b) - 0.7453) < 5e-4
    assert abs(au_metrics.icc31(a, a + 3) - 1) < 1e-9


def test_people_are_never_split():
    people = np.repeat(np.arange(2000), 2)
    kept = held_out(people)
    assert (kept[::2] == kept[1::2]).all() and 0.1 < kept.mean() < 0.2


def test_teacher_names_map_to_sides():
    names = ["mouthSmileLeft", "mouthSmileRight", "jawOpen"]
    assert [teacher_columns(key, names) for key in ("12", "12L", "12R", "26", "25")] == [[0, 1], [0], [1], [2], []]


def test_tfjs_weights_are_dequantised(tmp_path):
    values = np.array([1, 2.5, -3], np.float16)
    manifest = [{"name": "w", "shape": [3], "dtype": "float32", "quantization": {"dtype": "float16"}}]
    (tmp_path / "m.json").write_text(json.dumps({"weightsManifest": [{"weights": manifest}]}))
    (tmp_path / "m.bin").write_bytes(values.tobytes())
    assert read_tfjs(tmp_path / "m.json")["w"].tolist() == [1, 2.5, -3]
    (tmp_path / "m.bin").write_bytes(values.tobytes() + b"x")
    with pytest.raises(ValueError, match="fetch the package again"):
        read_tfjs(tmp_path / "m.json")


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
    shift = torch.linspace(-0.5, 0.5, 8)
    temperature, bias = bias_corrected_temperature((logits - shift) * 2, labels, penalty=0.0)
    assert abs(temperature - 2) < 0.15
    assert torch.allclose(bias - bias.mean(), shift, atol=0.2)
    # The penalty holds the bias back where there is little to learn from.
    assert bias_corrected_temperature((logits - shift) * 2, labels, penalty=1.0)[1].abs().max() < 0.2


def test_abstain_threshold_is_where_too_few_below_are_right():
    top = np.linspace(0.3, 0.9, 1000)
    probabilities = np.stack([top, 1 - top], 1)
    probabilities[top < 0.5] = np.stack([top, top - 0.01], 1)[top < 0.5]
    labels = np.zeros(1000, int)
    labels[:300:2] = 1  # of the 300 least sure faces half are right, of all up to the 375th 0.6
    assert abs(abstain_threshold(probabilities, labels, 0.6) - top[373]) < 0.002
    assert abstain_threshold(probabilities, labels, 0.4) == 0.0


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


def test_normalised_crops_keep_their_size_and_scale():
    x = normalised(torch.full((2, 48, 48), 110, dtype=torch.uint8), SIZE)
    assert x.shape == (2, 1, SIZE, SIZE) and float(x.abs().max()) == 0
    assert logits_of(Network(trunk(), 8, 0.0), np.zeros((3, 48, 48), np.uint8), SIZE).shape == (3, 8)


def test_annotators_who_agree_and_who_do_not():
    sure = np.zeros((50, 10), np.uint8)
    sure[:, 3] = 10
    found = agreement(sure, rounds=2)
    assert found["panelOfAgainstTheOthers"] == {"1": 1.0, "3": 1.0, "5": 1.0}
    assert (found["tied"], found["moreThanHalfOnOne"], found["votesDrawnAgainGiveTheLabel"]["1"]) == (0.0, 1.0, 1.0)
    torn = np.zeros((2000, 10), np.uint8)
    torn[:, [0, 1]] = 5
    found = agreement(torn, rounds=2)
    # One annotator says 0; of the other nine five say 1: never the same. Drawn again, one vote is the label half the time.
    assert found["panelOfAgainstTheOthers"]["1"] == 0.0
    assert abs(found["votesDrawnAgainGiveTheLabel"]["1"] - 0.5) < 0.05
    assert found["tied"] == 1.0
    blank = np.zeros((1, 10), np.uint8)
    blank[0, 9] = 10
    assert agreement(np.concatenate([sure, blank]), rounds=1)["faces"] == 50


def test_a_wanted_answer_is_compared_with_the_votes():
    votes = np.array([[0, 6, 4, 0, 0, 0, 0, 0, 0, 0], [5, 0, 0, 5, 0, 0, 0, 0, 0, 0], [0, 0, 0, 7, 0, 0, 0, 3, 0, 0]], np.uint8)
    wanted = [("fer0000007.png", "happy"), ("fer0000004.png", "sad"), ("fer0000009.png", "contempt")]
    questions = [{"image_path": f"test/{name}", "true_label": label} for name, label in wanted]
    assert asked(questions, np.array([7, 4, 9]), votes) == {"questions": 3, "wantedIsMostVoted": 0.6667, "others": 1}


def evidence(count: int, seed: int) -> Evidence:
    """Faces whose trunk says neutral, whatever they show; happy ones have unit 12, angry ones unit 4."""
    torch.manual_seed(seed)
    angry = torch.arange(count) % 2 == 0
    logits = torch.zeros(count, 8)
    logits[:, 0] = 3
    presence = torch.full((count, len(READ)), -3.0)
    presence[angry, READ.index("4")] = 3.0
    presence[~angry, READ.index("12")] = 3.0
    shares = torch.nn.functional.one_hot(torch.where(angry, data.EMOTIONS.index("anger"), data.EMOTIONS.index("happiness")), 8).float()
    return Evidence(logits, presence, torch.relu(presence), shares)


def test_a_reader_believes_the_units_where_the_trunk_says_neutral():
    reader = fit_reader([(evidence(256, 1), 1.0)], {**READ_CONFIG, "epochs": 20, "batch": 64})
    seen = evidence(64, 2)
    with torch.no_grad():
        assert (seen.read(reader).argmax(1) == seen.shares.argmax(1)).all()
        unknown = reader(seen.logits, seen.presence, seen.intensity, torch.zeros(64, 1))
    assert torch.equal(unknown, seen.logits)  # without a mesh there are no units


def test_a_reader_is_as_sure_as_it_is_right_where_it_is_worst():
    reader = EmotionReader()
    torch.nn.init.zeros_(reader.weigh[-1].weight), torch.nn.init.zeros_(reader.weigh[-1].bias)
    truth = torch.nn.functional.one_hot(torch.arange(200) % 8, 8).float()
    said = truth.clone()
    said[:100] = said[:100].roll(1, 1)  # half of it is wrong
    seen = Evidence(4 * said, torch.zeros(200, len(READ)), torch.zeros(200, len(READ)), truth)
    assert temper(reader, [seen]) == max(TEMPERATURES)
    with torch.no_grad():
        assert torch.softmax(seen.read(reader), 1).max(1).values.mean() < torch.softmax(seen.logits, 1).max(1).values.mean()


def test_an_exported_reader_reads_units_only_of_faces_with_a_mesh(tmp_path):
    keys, network = [*READ, "12L"], start()
    torch.nn.init.normal_(network.emotion.weight)
    units = ActionUnits(len(keys), torch.zeros(GEOMETRY), torch.ones(GEOMETRY), SIZE // 16)
    reader = EmotionReader()
    deployed = Deployed(network, SIZE, 1.0, units.eval(), [0, 20], None, reader.eval(), [keys.index(key) for key in READ])
    write_onnx(deployed, tmp_path / "weights.onnx", half=False, crop=48)
    session = onnxruntime.InferenceSession(str(tmp_path / "weights.onnx"))
    rng = np.random.default_rng(0)
    crops, mesh = rng.integers(0, 256, (2, 48, 48), dtype=np.uint8), rng.random((2, 468, 3), dtype=np.float32)
    mesh[1] = 0
    logits, presence, _ = session.run(None, {"crops": crops, "landmarks": mesh})
    with torch.no_grad():
        trunk_alone = Deployed(network, SIZE, 1.0, None, [])(torch.from_numpy(crops), torch.from_numpy(mesh))[0].numpy()
    assert presence.shape == (2, 2)
    assert np.allclose(logits[1], trunk_alone[1], atol=1e-4) and np.abs(logits[0] - trunk_alone[0]).max() > 0.01


def test_new_keys_come_last_and_know_nothing(tmp_path):
    network = start()
    heads = ActionUnits(3, torch.zeros(GEOMETRY), torch.ones(GEOMETRY), 9)
    write_onnx(Deployed(network, 144, 1.0, heads.eval(), [0, 1, 2]), tmp_path / "weights.onnx")
    wider = shipped.load_units(tmp_path / "weights.onnx", 5)
    assert wider.presence.weight.shape[0] == 5 and (wider.presence.weight[3:] == 0).all()
    assert torch.allclose(wider.presence.bias[:3], heads.presence.bias, atol=1e-2)


def test_only_what_a_release_is_sure_of_counts_as_named():
    said = np.array([[0.9, 0.1], [0.7, 0.3], [0.95, 0.05]], np.float32)
    kept = sure(said, np.array([True, True, False]))
    assert kept[0].tolist() == said[0].tolist() and np.isnan(kept[1:]).all()

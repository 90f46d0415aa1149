"""mien-vlm in the small: trains on faces that are noise, exports, and the graphs say what PyTorch says."""

import argparse
import json
import math
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from vlm import ablate, evaluate, grpo, measures, rewards, shipped, speak, train
from vlm.answers import KINDS
from vlm.batches import WORDS, Sampler, asked, collated, packed
from vlm.changes import PairSampler, changed
from vlm.config import VlmConfig
from vlm.export import load_run, quantised, write_decoder, write_encoder, write_release
from vlm.faces import FaceSet, covered
from vlm.facts import Facts
from vlm.listener import Listener
from vlm.model import Vlm
from vlm.names import KEYS, SIDED
from vlm.texts import compound, movement

AFFECT = Path(__file__).parents[2] / "mien-affect" / "weights.onnx"
TINY = VlmConfig(width=64, layers=2, heads=2, kv_heads=1, hidden=96, vocabulary=900, attention=32)


def faces(count: int = 12) -> FaceSet:
    """Noise with known units and votes."""
    rng = np.random.default_rng(3)
    facts = []
    for _ in range(count):
        units = {u: float(rng.choice([0, rng.uniform(1, 5)])) for u in KEYS}
        sides = {u: (units[u], units[u] * float(rng.choice([1, 0.2]))) for u in SIDED}
        facts.append(Facts(rng.dirichlet(np.ones(8) * 0.3), units, sides, float(rng.normal(0, 0.3)), exact=True))
    return FaceSet(rng.integers(0, 256, (count, 144, 144), dtype=np.uint8), rng.random((count, 468, 3), np.float32), facts, np.arange(count))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three stages of two steps each, the second with low-rank changes."""
    torch.set_num_threads(1)
    out, sets = tmp_path_factory.mktemp("vlm"), [(faces(), 1.0)]
    tokenizer = train.learn_tokens(sets, TINY.vocabulary, 400)
    config = TINY.changed(vocabulary=tokenizer.size, lora_rank=4)
    tokenizer.save(out / "tokenizer.json")
    config.save(out / "config.json")
    for stage in ("language", "align", "instruct", "compound"):
        model = Vlm(config, AFFECT)
        if (out / "checkpoint.pt").exists():
            stored = torch.load(out / "checkpoint.pt")["model"]
            train.fill(model, stored)
            (out / "checkpoint.pt").unlink()
        rate, kinds = train.STAGES[stage]
        options = argparse.Namespace(out=out, stage=stage, steps=2, faces=2, questions=2, minutes=math.inf, kinds=None)
        train.train(model, Sampler(sets, tokenizer, config.prefix, kinds), options, rate)
    return out


def test_every_kind_has_forty_wordings_and_an_answer_that_is_read_back() -> None:
    rng, facts = np.random.default_rng(1), faces(60).facts
    assert len(KINDS) >= 30
    for kind in KINDS:
        learned, kept = WORDS[kind]
        assert len(learned) >= 30 and len(kept) == 10 and len({*learned, *kept}) == len(learned) + 10
        pairs = [pair for f in facts if (pair := asked(kind, f, rng, held=True))]
        assert pairs and all(q and a and not any(name in q for name in ("UNIT", "OTHER", "EMOTION", "CANDIDATES")) for q, a in pairs), kind


def test_a_covered_region_is_not_spoken_of() -> None:
    face = faces(1)
    crop, mesh, facts = covered(face.crops[0], face.landmarks[0], face.facts[0], ("mouth",), np.full((468, 3), 0.8, np.float32), np.random.default_rng(0))
    assert (crop != face.crops[0]).mean() > 0.1
    assert asked("mouth", facts, np.random.default_rng(0))[1] == "The mouth cannot be seen, so I cannot tell."
    said = asked("movement", facts, np.random.default_rng(0))[1]
    assert said.startswith("The mouth cannot be seen. ") and "lip" not in said
    assert asked("units", facts, np.random.default_rng(0))[1].startswith("The mouth cannot be seen. ")


@pytest.mark.parametrize(
    ("yaw", "told"),
    [(None, ""), (0.1, ""), (0.2, " The head is turned slightly to the left of the picture."), (-0.4, " The head is turned to the right of the picture.")],
)
def test_a_movement_tells_how_the_head_is_turned(yaw: float | None, told: str) -> None:
    assert movement(Facts(None, {"12": 0.0}, yaw=yaw)) == f"Nothing that is seen has moved.{told}"


def test_a_part_sees_the_face_and_itself_only(run: Path) -> None:
    model, tokenizer = load_run(run, AFFECT)
    face = faces(1)
    crops, meshes = torch.from_numpy(face.crops), torch.from_numpy(face.landmarks)
    pairs = [("Is it so?", "Yes."), ("What moves?", "The lips are parted.")]
    with torch.no_grad():
        prefix = model.prefix(crops, meshes)
        found = []
        for chosen in (pairs, pairs[1:]):
            batch = collated(crops, meshes, [packed(tokenizer, chosen, model.config.prefix)], tokenizer)
            found.append(model.hidden(prefix, batch.tokens, batch.part, batch.positions)[0])
    torch.testing.assert_close(found[0][-len(found[1]) :], found[1], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("bits", [32, 8, 4])
def test_the_graphs_say_what_pytorch_says(run: Path, tmp_path: Path, bits: int) -> None:
    model, tokenizer = load_run(run, AFFECT)
    write_encoder(model, tmp_path / "encoder.onnx")
    write_decoder(model, tmp_path / "decoder.onnx", bits)
    encoder, decoder = (onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"), providers=["CPUExecutionProvider"]) for name in ("encoder", "decoder"))
    face, config = faces(3), model.config
    questions = ["Is it open?", "Which action units are active on this face?", "Describe the mouth."]
    with torch.no_grad():
        prefix = model.prefix(torch.from_numpy(face.crops), torch.from_numpy(face.landmarks))
        talk = speak.Talk(model, prefix)
        tokens, real = speak.prompts(tokenizer, questions)
        first = talk.step(tokens, real)
        chosen = first[:, -1].argmax(-1, keepdim=True)
        second = talk.step(chosen, torch.ones(3, 1, dtype=torch.bool))
    seen = encoder.run(None, {"crops": face.crops, "landmarks": face.landmarks})[0]
    np.testing.assert_allclose(seen, prefix.numpy(), atol=0.05)
    places = np.concatenate([np.arange(config.prefix)[None].repeat(3, 0), config.prefix + (real.long().cumsum(1) - 1).clamp(min=0).numpy()], 1)
    empty = np.zeros((config.layers, 2, 3, config.kv_heads, 0, config.width // config.heads), np.float32)
    seen_by = np.concatenate([np.ones((3, config.prefix)), real.numpy()], 1).astype(np.float32)
    logits, past = decoder.run(None, {"prefix": prefix.numpy(), "tokens": tokens.numpy(), "positions": places, "real": seen_by, "past": empty})
    spread = first.std().item()
    wanted = {32: 1e-3, 8: 0.1, 4: 1.0}[bits] * spread
    assert np.abs(logits[:, -1] - first[:, -1].numpy()).max() < wanted
    last = config.prefix + real.sum(1, keepdim=True).numpy()
    longer = np.concatenate([seen_by, np.ones((3, 1), np.float32)], 1)
    logits, _ = decoder.run(None, {"prefix": prefix[:, :0].numpy(), "tokens": chosen.numpy(), "positions": last, "real": longer, "past": past})
    assert np.abs(logits - second.numpy()).max() < wanted


def test_quantised_weights_are_near() -> None:
    weight = np.random.default_rng(0).normal(size=(64, 6)).astype(np.float32)
    codes, scale = quantised(weight, 8)
    back = ((codes.astype(np.float32) - 128) * scale.reshape(6, 2, 1)).reshape(6, 64).T
    assert np.abs(back - weight).max() < 0.03


def test_an_answer_ends(run: Path) -> None:
    model, tokenizer = load_run(run, AFFECT)
    face = faces(2)
    with torch.no_grad():
        prefix = model.prefix(torch.from_numpy(face.crops), torch.from_numpy(face.landmarks))
    said = speak.answers(model, tokenizer, prefix, ["Is it open?", "Is it?"], longest=5)
    assert [len(s) <= 5 for s in said] == [True, True]
    table = speak.likelihood(model, tokenizer, prefix, "Which?", "<answer>", ["happy", "sad"])
    assert table.shape == (2, 2) and (table < 0).all()


def test_rewards_read_what_a_text_claims() -> None:
    facts = Facts(np.array([0, 0.8, 0, 0.2, 0, 0, 0, 0]), {"12": 3.0, "6": 0.0, "1": 2.0}, covered=("brows",))
    assert rewards.label("<think>It smiles.</think><answer>happy</answer>", facts) == pytest.approx(0.8)
    assert rewards.units("The lip corners are pulled up, marked (AU12).", facts) == 1
    assert rewards.units("AU1, AU12.", facts) == pytest.approx(2 / 3)
    assert rewards.units("AU6 does not belong to it. AU12 speaks for happiness.", facts) == 1
    assert rewards.form("<think>It smiles.</think><answer>happy</answer>") == 1 and rewards.form("happy") == 0
    assert rewards.advantages(np.array([[1.0, 0.0], [1.0, 1.0]])).round(2).tolist() == [[1, -1], [0, 0]]


def test_a_step_of_reinforcement_learning_changes_the_speaker(run: Path) -> None:
    torch.manual_seed(0)
    (model, tokenizer), (start, _) = load_run(run, AFFECT), load_run(run, AFFECT)
    train.trainable(model, "instruct", model.config)
    listener, sampler = Listener(tokenizer.size, 1024 + 256).eval(), Sampler([(faces(), 1.0)], tokenizer, model.config.prefix)
    rng, alike = np.random.default_rng(2), [grpo.Alike(sampler.sets[0].facts)]
    loss, told = grpo.step(model, start, tokenizer, listener, [grpo.drawn(sampler, alike, grpo.KINDS, rng) for _ in range(2)], rng)
    loss.backward()
    assert torch.isfinite(loss) and len(told) == 2 and set().union(*told) <= {*grpo.KINDS, "found"}
    assert any(w.grad is not None and w.grad.abs().sum() > 0 for w in model.parameters())
    assert all(w.grad is None or torch.isfinite(w.grad).all() for w in model.parameters())


def test_a_listener_chooses_among_faces_with_the_same_labels(run: Path) -> None:
    model, tokenizer = load_run(run, AFFECT)
    ten = faces(10)
    ten.facts = [Facts(None, {"12": 3.0 + 0.1 * row}) for row in range(9)] + [Facts(None, {"12": 0.0})]
    alike, rng = grpo.Alike(ten.facts), np.random.default_rng(0)
    others = alike.others(0, rng)
    assert len({0, *others}) == 8 and 9 not in others and alike.others(9, rng) is None
    asked_of = grpo.Question(ten.crop(0), ten.mesh(0), ten.facts[0], "movement", "What moves?", ten, 0, others)
    line = tokenizer.encode("The lip corners are pulled up (AU12).")
    value, told = grpo.values(model, tokenizer, Listener(tokenizer.size, 1024 + 256).eval(), asked_of, [line, line])
    assert told["movement"] == 1 and value.tolist() == [1 + told["found"]] * 2


def test_a_release_is_read_back_as_a_run(run: Path, tmp_path: Path) -> None:
    model, tokenizer = load_run(run, AFFECT)
    torch.manual_seed(4)
    for weight in (*model.eyes.parameters(), *model.decoder.parameters()):
        weight.data += 0.01 * torch.randn(weight.shape)
    write_release(model, tokenizer, tmp_path, 16)
    state = shipped.weights_of(tmp_path, model.config, AFFECT)
    own = {name: weight for name, weight in model.state_dict().items() if name in state}
    assert all((weight - state[name]).abs().max() <= 1e-3 * weight.abs().max() + 1e-6 for name, weight in own.items())
    assert {name for name in model.state_dict() if name.startswith(("eyes.", "decoder."))} == set(state) == set(own)
    with pytest.raises(ValueError, match="not of this configuration"):
        shipped.weights_of(tmp_path, model.config.changed(layers=1), AFFECT)


def test_measures() -> None:
    shares = np.array([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.1, 0.9]])
    assert measures.fitted(np.log(shares), shares) == pytest.approx(1.0, abs=0.06)
    assert measures.calibration_error(shares, shares) == pytest.approx(0) and measures.calibration_error(shares, shares.round()) == pytest.approx(0.1)
    assert measures.unit_f1(np.array([[True, True]]), np.array([[True, False]]))[0] == 1
    groups = measures.groups_alike([("a",)] * 17 + [("b",)] * 7, 8, np.random.default_rng(0), 9)
    assert [len(g) for g in groups] == [8, 8] and max(map(max, groups)) < 17


def test_what_changed_is_told_from_both_faces(run: Path) -> None:
    before, after = Facts(None, {"12": 0.0, "4": 3.0, "1": 2.0, "2": 2.0}), Facts(None, {"12": 3.0, "4": 0.0, "1": 4.0, "2": 2.2})
    assert changed(before, after) == "New: lip corner puller (AU12). Gone: brow lowerer (AU4). Stronger: inner brow raiser (AU1)."
    assert changed(before, before) == "Nothing clear has changed."
    model, tokenizer = load_run(run, AFFECT)
    same = faces()
    same.person[:] = 0
    batch = PairSampler(Sampler([(same, 1.0)], tokenizer, model.config.prefix)).batch(np.random.default_rng(0), 3)
    assert (len(batch.crops), len(batch.tokens), int(batch.positions[0, 0])) == (6, 3, 2 * model.config.prefix)
    assert torch.isfinite(train.loss_of(model, batch))


def test_every_second_face_of_the_compound_stage_shows_two() -> None:
    some, two, one = faces(8), np.eye(8)[1] * 0.5 + np.eye(8)[2] * 0.5, np.eye(8)[1]
    some.facts = [Facts(two), *(Facts(one) for _ in range(6)), Facts(None)]
    (mixed, share), (others, rest) = train.half_mixed([(some, 3.0)])
    assert (len(mixed), share, len(others), rest) == (1, 1.5, 6, 1.5) and compound(mixed.facts[0]) != "none"


def test_compounds_are_measured_on_faces_that_show_two(run: Path) -> None:
    model, tokenizer = load_run(run, AFFECT)
    some = faces(4)
    two, one = np.eye(8)[1] * 0.5 + np.eye(8)[2] * 0.5, np.eye(8)[1]
    some.facts, some.measured = [Facts(s) for s in (two, one, two, one)], np.log(np.stack([two, one, two, one]) + 1e-3)
    assert [compound(f) for f in some.facts[:2]] == ["happily surprised", "none"]
    found = evaluate.compounds(model, tokenizer, some)
    assert found["mixed"] == 2 and found["fast path"] == {"known to be two": 1.0}
    assert all(0 <= found["seen"][name] <= 1 for name in ("named", "none of others", "known to be two"))


def test_rows_of_the_papers_tables_are_configurations_and_are_measured(run: Path) -> None:
    rows = json.loads((Path(ablate.__file__).parent / "ablations.json").read_text())
    for row in rows:
        assert VlmConfig().changed(**row["config"]).prefix > 0 and set(row.get("kinds", [])) <= set(KINDS)
    vision, alike = (next(r for r in rows if r["row"] == name) for name in ("both", "neither"))
    assert ablate.name_of(vision, 5, 1) == ablate.name_of(alike, 5, 1) != ablate.name_of(alike, 5, 2)
    some = faces(3)
    found = ablate.measured(run, AFFECT, some, some, None)
    assert set(found) == {"emotion", "units"} and 0 <= found["emotion"] <= 100
    lines = ablate.table([alike], {ablate.name_of(alike, 5, s): {"emotion": 50.0 + s, "units": 40.0} for s in (1, 2)}, 5, 2).splitlines()
    assert lines[2] == "| parts (FEALLM, table 4) | neither | 51.5 (51.0 to 52.0) | 40.0 (40.0 to 40.0) | 59.97 / 55.79 |"


def test_a_row_with_a_stage_begins_with_the_decoder_of_a_run(run: Path, tmp_path: Path) -> None:
    sets, tokenizer = [(faces(), 1.0)], load_run(run, AFFECT)[1]
    begun = {k: v for k, v in torch.load(run / "checkpoint.pt")["model"].items() if k.startswith("decoder.") and not k.endswith((".up", ".down"))}
    plain = json.loads((run / "config.json").read_text()) | {"lora_rank": 0}
    torch.save({"model": begun}, tmp_path / "checkpoint.pt")
    bench = ablate.Bench(plain, 1, sets, tokenizer, AFFECT, tmp_path, tmp_path)
    row = {"config": {"visual": False, "clues": 0}, "stage": "align", "kinds": ["unit-list"]}
    own, anew = (torch.load(bench.row(r, 1) / "checkpoint.pt")["model"] for r in (row, {"config": row["config"], "kinds": row["kinds"]}))
    assert all(torch.equal(begun[name], own[name]) for name in begun)
    assert not torch.equal(begun["decoder.embedding.weight"], anew["decoder.embedding.weight"])

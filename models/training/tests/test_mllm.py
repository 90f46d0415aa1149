"""Trainers of the papers' models in the small: random models of a few thousand weights go through what 7 billion would."""

import base64
import io
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

pytest.importorskip("peft", reason="needs requirements-mllm.txt")
from PIL import Image

from mllm import grpo, items, low_rank, recipes, rewards, serve, sft, sizes, tiny
from mllm.parts import DeformableAttention, FaceParts, LocalClues, MultiView, windows

ALL = FaceParts(prior="after", prior_size=6, clues=2, window=16, views=(1, 2, 3, 4), heads=4)
RECIPE = recipes.Recipe(parts=ALL, rank=4, alpha=8, dropout=0.0, rate=1e-2, projector_rate=1e-2, batch=4, total_batch=4, epochs=1)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def data(folder: Path, count: int = 8) -> list[items.Item]:
    """Pictures whose shade decides the answer."""
    listed = []
    for index in range(count):
        shade = 40 if index % 2 else 200
        Image.fromarray(np.full((40, 40, 3), shade, np.uint8)).save(folder / f"{index}.png")
        turns = [{"from": "human", "value": "<image>\nWhich?"}, {"from": "gpt", "value": "dark" if index % 2 else "light"}]
        listed.append({"id": f"face-{index}", "image": f"{index}.png", "conversations": turns, "landmark": [index % 2] * 6})
    (folder / "data.json").write_text(json.dumps(listed))
    return items.read(folder / "data.json", folder)


def batch_of(found: list[items.Item], parts: FaceParts) -> dict[str, torch.Tensor]:
    return items.Collator(tiny.processor(parts), parts.prior_size if parts.prior != "none" else 0)(found)


# Parts


def test_windows_go_to_eight_directions_at_two_sizes_and_stay_inside() -> None:
    found = windows()
    assert len(found) == len(set(found)) == 16
    assert {side for _, _, side in found} == {0.5, 0.75}
    assert all(0 <= top and 0 <= left and top + side <= 1 and left + side <= 1 for top, left, side in found)


def test_deformable_attention_looks_where_its_offsets_point() -> None:
    attention = DeformableAttention(4, levels=1, heads=1, points=1)
    with torch.no_grad():
        for linear in (attention.values[0], attention.out):
            linear.weight.copy_(torch.eye(4))
            linear.bias.zero_()
        attention.offsets.bias.copy_(torch.tensor([1.0, 0.0]))  # one cell to the right
    cells, seen = torch.zeros(1, 9, 4), torch.arange(9.0)[None, :, None].expand(1, 9, 4)
    found = attention(cells, [seen])[0, :, 0]
    # Beyond the right edge there is nothing.
    torch.testing.assert_close(found, torch.tensor([1.0, 2, 0, 4, 5, 0, 7, 8, 0]))


def test_the_projector_begins_as_the_plain_one() -> None:
    views = MultiView(32, ALL)
    deep, maps = torch.randn(2, 16, 32), [torch.randn(2, 16, 32) for _ in ALL.views]
    assert torch.equal(views(deep, maps, torch.randn(2, 16, LocalClues.CHANNELS)), deep)


def test_without_parts_it_is_llava_itself() -> None:
    from transformers import LlavaForConditionalGeneration

    ours = tiny.model(FaceParts()).eval()
    theirs = LlavaForConditionalGeneration(ours.config).eval()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    made = tiny.processor(FaceParts())(images=[Image.new("RGB", (28, 28))], text=["<image>Hello"], return_tensors="pt")
    torch.testing.assert_close(ours(**made).logits, theirs(**made).logits)


@pytest.mark.parametrize(("place", "at"), [("before", 0), ("after", 16)])
def test_the_prior_token_stands_where_its_recipe_says(place: str, at: int) -> None:
    model = tiny.model(FaceParts(prior=place, prior_size=6)).eval()
    pixels = torch.randn(1, 3, tiny.SIDE, tiny.SIDE)
    one, other = (model.model.get_image_features(pixels, torch.full((1, 6), v)).pooler_output[0] for v in (0.0, 1.0))
    assert (one != other).any(1).nonzero().flatten().tolist() == [at]


def test_landmarks_that_are_missing_are_named() -> None:
    model = tiny.model(ALL)
    with pytest.raises(ValueError, match="the landmarks of 2 pictures, got none"):
        model.model.get_image_features(torch.randn(2, 3, tiny.SIDE, tiny.SIDE))


def test_generation_sees_the_face_once_and_its_numbers() -> None:
    model, processor = tiny.model(ALL).eval(), tiny.processor(ALL)
    made = processor(images=[Image.new("RGB", (28, 28))], text=["<image>Hello"], return_tensors="pt")
    asked = {"max_new_tokens": 3, "do_sample": False, "return_dict_in_generate": True, "output_logits": True}
    faces = [torch.full((1, 6), value) for value in (0.0, 30.0)]
    said = [model.generate(**made, landmarks=face, **asked).logits for face in faces]
    assert not torch.equal(said[0][0], said[1][0])
    # And it is what one pass over the question says.
    torch.testing.assert_close(said[1][0], model(**made, landmarks=faces[1]).logits[:, -1])


# Data


def test_only_answers_are_learned(tmp_path: Path) -> None:
    found = batch_of(data(tmp_path, 2), ALL)
    words = tiny.tokenizer()
    kept = [words.decode(row[row != items.IGNORED]) for row in found["labels"]]
    assert kept == ["light</s>", "dark</s>"]
    assert found["landmarks"].shape == (2, 6)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"image": "gone.png"}, "no picture"),
        ({"conversations": [{"from": "gpt", "value": "x"}]}, "turns must go human, gpt"),
        ({"image": None}, "no image"),
    ],
)
def test_an_item_that_cannot_be_learned_from_is_named(tmp_path: Path, change: dict, said: str) -> None:
    data(tmp_path, 2)
    listed = json.loads((tmp_path / "data.json").read_text())
    listed[1] = {k: v for k, v in (listed[1] | change).items() if v is not None}
    (tmp_path / "data.json").write_text(json.dumps(listed))
    with pytest.raises(ValueError, match=f"item 1: .*{said}|item 1: {said}"):
        items.read(tmp_path / "data.json", tmp_path)


def test_a_face_with_too_few_numbers_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="face-0: the prior is made of 212 numbers, this face has 6"):
        items.Collator(tiny.processor(ALL), 212)(data(tmp_path, 1))


# Recipes and sizes


def test_every_recipe_of_the_papers_is_whole() -> None:
    for name in json.loads(recipes.RECIPES.read_text()):
        assert recipes.load(name).paper


def test_a_recipe_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(ValueError, match="no recipe 'emola'; there are emola-emotion"):
        recipes.load("emola")


def test_emola_at_full_size_has_the_papers_shapes() -> None:
    found = sizes.sizes_of(recipes.load("emola-emotion"))
    assert found.tower == 303_507_456  # CLIP ViT-L/14 at 336 px
    assert found.projector == 1024 * 4096 + 4096 + 4096 * 4096 + 4096
    assert found.parts == 212 * 4096 + 4096 + 4096 * 4096 + 4096  # one token of 212 numbers
    assert found.low_rank == 32 * 128 * (4 * 8192 + 3 * 15104)
    assert 0.04 < found.share < 0.06


# Training


def test_a_run_learns_is_resumed_and_merges_to_what_it_said(tmp_path: Path) -> None:
    found, out, base = data(tmp_path), tmp_path / "run", tmp_path / "base"
    tiny.save(base, ALL)
    model = low_rank.tuned(sft.base_model(str(base), ALL, RECIPE), RECIPE)
    first = sft.train(model, found, sft.processor_of(str(base), ALL), RECIPE, out, steps=12, logging=1)
    losses = [row["loss"] for row in first if "loss" in row]
    assert losses[-1] < losses[0] - 1
    trained = model.eval()(**batch_of(found, ALL)).logits
    again = low_rank.merged(sft.base_model(str(base), ALL, RECIPE), out).eval()
    torch.testing.assert_close(again(**batch_of(found, ALL)).logits, trained, atol=1e-3, rtol=1e-3)
    # A run that is told to do more goes on where it was.
    more = low_rank.tuned(sft.base_model(str(base), ALL, RECIPE), RECIPE)
    history = sft.train(more, found, sft.processor_of(str(base), ALL), RECIPE, out, steps=16, logging=1)
    assert [row["step"] for row in history if "loss" in row] == list(range(1, 17))
    assert [row["loss"] for row in history if "loss" in row][:12] == losses


def test_only_what_the_recipe_names_changes(tmp_path: Path) -> None:
    base = tmp_path / "base"
    tiny.save(base, ALL)
    align = RECIPE.changed(trained=("parts",))
    model = low_rank.tuned(sft.base_model(str(base), ALL, align), align)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    sft.train(model, data(tmp_path), sft.processor_of(str(base), ALL), align, tmp_path / "run", steps=2, logging=1)
    changed = {name.split(".")[1] for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"face_tokens"}


def test_parts_of_another_run_are_refused(tmp_path: Path) -> None:
    low_rank.save(tiny.model(ALL), tmp_path)
    with pytest.raises(ValueError, match="is of other parts"):
        low_rank.load_whole(tiny.model(FaceParts(clues=3)), tmp_path)


# Serving


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, serve.Batches]]:
    """The address of a server of a random model, and what asks it."""
    server = serve.server_of(tiny.model(ALL), tiny.processor(ALL), "tiny", ("127.0.0.1", 0), 4)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1", server.RequestHandlerClass.batches
    server.shutdown()
    server.server_close()


def question(text: str = "Which?", shade: int = 90, **more: object) -> dict:
    jpeg = io.BytesIO()
    Image.new("RGB", (40, 40), (shade, shade, shade)).save(jpeg, "JPEG")
    url = f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": text}]
    return {"model": "tiny", "messages": [{"role": "user", "content": content}], "max_tokens": 6, "mien": {"landmarks": [[0.5] * 6]}} | more


def asked(address: str, body: dict) -> tuple[int, str]:
    request = urllib.request.Request(f"{address}/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def text_of(answer: tuple[int, str]) -> str:
    assert answer[0] == 200, answer[1]
    return json.loads(answer[1])["choices"][0]["message"]["content"]


def test_a_batch_answers_what_each_question_alone_does(served: tuple[str, serve.Batches]) -> None:
    address, batches = served
    bodies = [question("Which?", 40), question("What is it that this face shows?", 200), question("?", 120)]
    alone = [text_of(asked(address, body)) for body in bodies]
    assert len(set(alone)) > 1
    batches.gather_seconds, batches.sizes = 1.0, []
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda body: text_of(asked(address, body)), bodies))
    batches.gather_seconds = 0.0
    assert together == alone
    assert max(batches.sizes) > 1


def test_a_streamed_answer_is_the_same_text_in_pieces(served: tuple[str, serve.Batches]) -> None:
    address, _ = served
    whole = text_of(asked(address, question()))
    _, streamed = asked(address, question(stream=True))
    events = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["delta"]["content"] for event in events) == whole
    assert len(events) > 1
    assert events[-1]["choices"][0]["finish_reason"] in ("stop", "length")
    assert streamed.rstrip().endswith("data: [DONE]")


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"mien": {"landmarks": [[1, 2]]}}, 400, "mien.landmarks must be a list with 6 numbers for each picture"),
        ({"messages": [{"role": "user", "content": "no picture"}]}, 400, "0 pictures; a question is about one"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://example.org/a.jpg"}}]}]}, 400, "addresses are not fetched"),
        ({"messages": []}, 400, "messages is empty"),
        ({"logprobs": True}, 400, "logprobs is not supported"),
        ({"model": "another"}, 404, "there is tiny"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_line(served: tuple[str, serve.Batches], change: dict, status: int, said: str) -> None:
    code, text = asked(served[0], question(**change))
    assert (code, said in text) == (status, True), text


def test_a_batch_that_fails_ends_its_questions_alone(served: tuple[str, serve.Batches], monkeypatch: pytest.MonkeyPatch) -> None:
    address, _ = served
    monkeypatch.setattr(serve, "answer", lambda *_: (_ for _ in ()).throw(RuntimeError("out of memory")))
    assert asked(address, question()) == (500, json.dumps({"error": {"message": "error: out of memory", "type": "server_error"}}))
    monkeypatch.undo()
    assert asked(address, question())[0] == 200


def test_the_server_says_what_numbers_it_wants(served: tuple[str, serve.Batches]) -> None:
    with urllib.request.urlopen(f"{served[0]}/models") as answer:
        assert json.load(answer)["data"][0]["mien"] == {"landmarks": 6}


# Reinforcement learning


@pytest.mark.parametrize(
    ("text", "form", "label", "units"),
    [
        ("<think>The corners rise.</think><answer>Happiness</answer>", 1, 1, 0),
        ("<think>x</think>\n<answer>AU6, AU12</answer>", 1, 0, 1),
        ("<answer>happiness</answer>", 0, 0, 0),
        ("<think>x</think><answer>unhappiness</answer>", 1, 0, 0),
        ("AU12 and AU 4", 0, 0, 0.5),
    ],
)
def test_rewards_are_what_can_be_checked(text: str, form: float, label: float, units: float) -> None:
    assert rewards.form(text) == form
    assert rewards.label(text, {"label": "happiness"}) == label
    assert rewards.units(text, {"units": [6, 12]}) == units


@pytest.mark.parametrize(("said", "meant"), [("happiness", {"label": "happiness"}), ("AU6, AU12", {"units": [6, 12]}), ("none", {"units": []})])
def test_a_solution_is_a_label_or_units(said: str, meant: dict) -> None:
    assert rewards.solution_of(said) == meant


def test_landmarks_may_lie_in_a_file_of_their_own(tmp_path: Path) -> None:
    np.save(tmp_path / "face.npy", np.arange(6, dtype=np.float32).reshape(3, 2))
    assert items.landmarks_of("face.npy", tmp_path, "item 0") == (0, 1, 2, 3, 4, 5)
    with pytest.raises(ValueError, match="item 0: no landmarks"):
        items.landmarks_of("gone.npy", tmp_path, "item 0")


def test_a_listener_that_finds_the_face_adds_its_weight() -> None:
    heard = torch.tensor([[0.9, 0.1], [0.2, 0.8]])
    assert rewards.rewards(["a", "b"], {}, {"listener": 2.0}, heard).tolist() == [2.0, 0.0]


def test_what_is_better_than_its_group_becomes_likelier() -> None:
    better = rewards.advantages(torch.tensor([1.0, 0.0, 0.0, 0.0]))
    assert better[0] > 0 > better[1]
    chance = torch.zeros(4, 3, requires_grad=True)
    still = torch.zeros(4, 3)
    grpo.loss_of(chance, still, still, better, torch.ones(4, 3), grpo.GrpoOptions()).backward()
    assert (chance.grad[0] < 0).all()
    assert (chance.grad[1:] > 0).all()


def test_tokens_after_the_end_teach_nothing() -> None:
    chance = torch.zeros(2, 3, requires_grad=True)
    real = torch.tensor([[1.0, 0, 0], [1, 1, 1]])
    grpo.loss_of(chance, torch.zeros(2, 3), torch.zeros(2, 3), torch.tensor([1.0, -1]), real, grpo.GrpoOptions()).backward()
    assert chance.grad[0].tolist()[1:] == [0, 0]
    assert chance.grad[0, 0] != 0


def test_reinforcement_raises_the_reward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reward is the share of one letter: a random model learns to say it."""
    data(tmp_path, 2)
    prompt = [{"role": "user", "content": "Which?"}]
    listed = [{"prompt": prompt, "images": [f"{n}.png"], "solution": "a", "landmark": [0.5] * 6} for n in range(2)]
    (tmp_path / "grpo.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in listed))
    questions = grpo.read(tmp_path / "grpo.jsonl", tmp_path)
    monkeypatch.setattr(grpo, "rewards", lambda texts, *_: torch.tensor([sum(c < "P" for c in text) / max(1, len(text)) for text in texts]))
    recipe = RECIPE.changed(trained=("lora",))
    model = low_rank.tuned(tiny.model(ALL), recipe)
    options = grpo.GrpoOptions(answers=16, tokens=8, rate=2e-2, beta=0.0)
    rows = grpo.learn(model, questions, tiny.processor(ALL), ALL, options, steps=14)
    assert sum(row["reward"] for row in rows[-4:]) > sum(row["reward"] for row in rows[:4]) + 0.4
    low_rank.save(model, tmp_path / "run")
    assert (tmp_path / "run" / low_rank.ADAPTER_FILE).is_file()

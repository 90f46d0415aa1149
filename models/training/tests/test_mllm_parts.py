"""The papers' parts in models of transformers, data, recipes and sizes: random models of a few thousand weights."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.mllm_world import ALL, BASES, batch_of, data

from mllm import cost, face_qwen, items, recipes, sizes, tiny
from mllm.parts import DeformableAttention, FaceParts, LocalClues, MultiView, windows


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


@pytest.mark.parametrize("base", BASES)
def test_without_parts_it_is_the_plain_model(base: str) -> None:
    from transformers import LlavaForConditionalGeneration, Qwen2_5_VLForConditionalGeneration

    ours = tiny.model(FaceParts(), base=base).eval()
    theirs = (Qwen2_5_VLForConditionalGeneration if base == "qwen" else LlavaForConditionalGeneration)(ours.config).eval()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    made = asked(FaceParts(), base)
    torch.testing.assert_close(ours(**made).logits, theirs(**made).logits)


@pytest.mark.parametrize("base", BASES)
def test_parts_begin_as_the_plain_model(base: str) -> None:
    """Cells are what they are without parts: every scale is 0 at first."""
    parts = FaceParts(views=(1, 2, 3, 4), heads=4)
    plain, widened = (tiny.model(p, base=base).eval() for p in (FaceParts(), parts))
    widened.load_state_dict(plain.state_dict(), strict=False)
    made = asked(parts, base)
    torch.testing.assert_close(widened(**made).logits, plain(**made).logits)


def asked(parts: FaceParts, base: str, text: str = "Hello") -> dict:
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 255, (tiny.SIDE, tiny.SIDE, 3), np.uint8))
    turns = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}]
    processor = tiny.processor(parts, base=base)
    chat = processor.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    return dict(processor(images=[picture], text=[chat], return_tensors="pt"))


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("place", ["before", "after"])
def test_the_prior_token_stands_where_its_recipe_says(place: str, base: str) -> None:
    parts = FaceParts(prior=place, prior_size=6)
    model = tiny.model(parts, base=base).eval()
    given = {name: value for name, value in asked(parts, base).items() if name in ("pixel_values", "image_grid_thw")}
    one, other = (model.model.get_image_features(**given, landmarks=torch.full((1, 6), v)).pooler_output[0] for v in (0.0, 1.0))
    assert (one != other).any(1).nonzero().flatten().tolist() == [0 if place == "before" else len(one) - 1]


@pytest.mark.parametrize("base", BASES)
def test_landmarks_that_are_missing_are_named(base: str) -> None:
    with pytest.raises(ValueError, match=r"the landmarks of \d pictures, got none"):
        tiny.model(ALL, base=base)(**asked(ALL, base))


@pytest.mark.parametrize("base", BASES)
def test_generation_sees_the_face_once_and_its_numbers(base: str) -> None:
    model, made = tiny.model(ALL, base=base).eval(), asked(ALL, base)
    told = {"max_new_tokens": 3, "do_sample": False, "return_dict_in_generate": True, "output_logits": True}
    faces = [torch.full((1, 6), value) for value in (0.0, 30.0)]
    said = [model.generate(**made, landmarks=face, **told).logits for face in faces]
    assert not torch.equal(said[0][0], said[1][0])
    # And it is what one pass over the question says.
    torch.testing.assert_close(said[1][0], model(**made, landmarks=faces[1]).logits[:, -1])


def test_cells_of_qwen_are_put_together_as_they_were_cut() -> None:
    made = asked(FaceParts(), "qwen")
    _, high, wide = made["image_grid_thw"][0].tolist()
    picture = face_qwen.picture_of(made["pixel_values"], high, wide, tiny.model(FaceParts(), base="qwen").config)
    # The first cell is the picture's upper left corner, the second the one to its right.
    cells = made["pixel_values"].view(high * wide, 3, 2, 7, 7)[:, :, 0]
    assert torch.equal(picture[0, :, :7, :7], cells[0])
    assert torch.equal(picture[0, :, :7, 7:14], cells[1])
    assert torch.equal(picture[0, :, 7:14, :7], cells[2])
    assert torch.equal(picture[0, :, :7, 14:21], cells[4])


@pytest.mark.parametrize("place", ["before", "after"])
def test_only_cells_have_a_place_in_the_picture_of_qwen(place: str) -> None:
    parts = FaceParts(prior=place, prior_size=6, clues=1, window=16)
    made, plain = asked(parts, "qwen"), asked(FaceParts(), "qwen")
    model, without = tiny.model(parts, base="qwen"), tiny.model(FaceParts(), base="qwen")
    found = model.places(made, made["attention_mask"])[:, 0]
    cells = without.places(plain, plain["attention_mask"])[:, 0]
    first, count = int((plain["input_ids"][0] == model.config.image_token_id).int().argmax()), 4
    before = int(place == "before")
    assert torch.equal(found[:, first + before : first + before + count], cells[:, first : first + count] + before)
    # The words after it go on where two more words would.
    assert found[0, -1] == cells[0, -1] + 2


def test_a_picture_that_is_no_square_is_refused_where_layers_are_looked_at() -> None:
    model = tiny.model(FaceParts(views=(1, 2), heads=4), base="qwen")
    with pytest.raises(ValueError, match="a picture of 2 x 4 cells: .* need squares"):
        model.model.get_image_features(torch.randn(8, 3 * 2 * 49), torch.tensor([[1, 4, 2]]))


# Data


def test_only_answers_are_learned(tmp_path: Path) -> None:
    found = batch_of(data(tmp_path, 2), ALL)
    words = tiny.tokenizer()
    kept = [words.decode(row[row != items.IGNORED]) for row in found["labels"]]
    assert kept == ["light</s>", "dark</s>"]
    assert found["landmarks"].shape == (2, 6)


def test_a_template_that_ends_within_a_token_of_the_answer_is_refused(tmp_path: Path) -> None:
    found = data(tmp_path, 2)
    words = tiny.tokenizer(["assistant: light assistant: dark"] * 50)
    processor = tiny.processor(FaceParts(), words=words)
    assert items.Collator(processor)(found)["labels"].shape[0] == 2
    processor.chat_template = processor.chat_template.replace(":\\n", ": ")
    with pytest.raises(ValueError, match="ends a question within a token of the answer"):
        items.Collator(processor)(found)


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


def test_unifer_at_full_size_is_qwen2_5_vl_7b() -> None:
    found = sizes.sizes_of(recipes.load("unifer-cold"))
    assert found.tower + found.projector + found.language == 8_292_166_656  # as the published weights have
    assert found.low_rank == 28 * 128 * (2 * (3584 + 3584) + 2 * (3584 + 512) + 3 * (3584 + 18944))
    assert found.parts == 0


def test_parts_for_qwen_are_counted_too() -> None:
    parts = FaceParts(prior="after", clues=1, views=(7, 15, 23))
    found = sizes.sizes_of(recipes.Recipe(base="qwen", parts=parts, trained=("lora", "projector", "parts")))
    assert found.trained == found.low_rank + found.projector + found.parts
    assert found.parts > 212 * 3584 + 3584 + 3584 * 3584 + 3584


def test_layers_of_qwen_are_seen_in_the_order_of_its_cells() -> None:
    """Layer n is what block n gives; the tower's windows are undone."""
    model, made = tiny.model(FaceParts(views=(1, 2), heads=4), base="qwen").eval(), asked(FaceParts(), "qwen")
    visual, given = model.model.visual, []
    visual.blocks[1].register_forward_hook(lambda _module, _inputs, output: given.append(output))
    seen = visual(made["pixel_values"], grid_thw=made["image_grid_thw"], output_hidden_states=True)
    assert torch.equal(seen.hidden_states[2], given[0])
    # What the merger makes of the cells in order is what the tower gives in order.
    last = model.model._in_order(seen.hidden_states[-1], made["image_grid_thw"])
    torch.testing.assert_close(visual.merger(last), seen.pooler_output)


def test_every_recipe_has_its_cost_and_four_bits_make_the_24_gb_variant() -> None:
    names = json.loads(recipes.RECIPES.read_text())
    assert set(cost.LOADS) == set(names)
    recipe = recipes.load("emola-emotion")
    found, load = sizes.sizes_of(recipe), cost.LOADS["emola-emotion"]
    large, small = cost.GPUS[0], cost.GPUS[-1]
    assert cost.fitting(recipe, load, found, large) == (16, False)
    batch, _ = cost.fitting(recipe, load, found, small)
    assert 0 < batch < 16
    assert cost.memory(recipe, load, found, batch, four_bits=True) < cost.memory(recipe, load, found, batch, four_bits=False)
    # Twice the operations a second, half the hours.
    quicker = cost.Gpu("x", 2 * small.operations, 24)
    assert cost.hours(recipe, load, found, quicker) == pytest.approx(cost.hours(recipe, load, found, small) / 2)

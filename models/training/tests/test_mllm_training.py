"""Training of the papers' models in the small: it learns, is resumed, and merges to what it said."""

import json
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import LlavaForConditionalGeneration, Qwen2_5_VLForConditionalGeneration

from tests.mllm_world import ALL, BASES, RECIPE, based, batch_of, data

from mllm import bases, low_rank, merge, sft, tiny
from mllm.parts import FaceParts


@pytest.mark.parametrize("base", BASES)
def test_a_run_learns_is_resumed_and_merges_to_what_it_said(tmp_path: Path, base: str) -> None:
    found, out, folder = data(tmp_path), tmp_path / "run", tmp_path / "base"
    model = based(folder, ALL, base)
    processor = bases.processor_of(str(folder), model)
    model = low_rank.tuned(model, RECIPE)
    first = sft.train(model, found, processor, RECIPE, out, steps=12, logging=1)
    losses = [row["loss"] for row in first if "loss" in row]
    assert losses[-1] < losses[0] - 1
    trained = model.eval()(**batch_of(found, ALL, base)).logits
    again = low_rank.merged(based(folder, ALL, base), out).eval()
    torch.testing.assert_close(again(**batch_of(found, ALL, base)).logits, trained, atol=1e-3, rtol=1e-3)
    # A run that is told to do more goes on where it was.
    more = low_rank.tuned(based(folder, ALL, base), RECIPE)
    history = sft.train(more, found, processor, RECIPE, out, steps=14, logging=1)
    assert [row["step"] for row in history if "loss" in row] == list(range(1, 15))
    assert [row["loss"] for row in history if "loss" in row][:12] == losses


def test_only_what_the_recipe_names_changes(tmp_path: Path) -> None:
    align = RECIPE.changed(trained=("parts",))
    model = based(tmp_path / "base", ALL, "llava")
    processor = bases.processor_of(str(tmp_path / "base"), model)
    model = low_rank.tuned(model, align)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    sft.train(model, data(tmp_path), processor, align, tmp_path / "run", steps=2, logging=1)
    changed = {name.split(".")[1] for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"face_tokens"}


def changed_run(folder: Path, base: Path, start: Path | None, seed: int) -> torch.nn.Module:
    """A run with low-rank changes that are no zeros, on top of the run it begins from."""
    model = based(base, ALL, "llava")
    if start is not None:
        model = low_rank.merged(model, start)
        low_rank.began_from(folder, start)
    model = low_rank.tuned(model, RECIPE)
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=0.05)
    low_rank.save(model, folder)
    return model.eval()


def test_a_run_that_began_from_another_is_merged_with_it(tmp_path: Path) -> None:
    changed_run(tmp_path / "first", tmp_path / "base", None, 1)
    second = changed_run(tmp_path / "second", tmp_path / "base", tmp_path / "first", 2)
    batch = batch_of(data(tmp_path), ALL)
    served = low_rank.merged(based(tmp_path / "base", ALL, "llava"), tmp_path / "second").eval()
    torch.testing.assert_close(served(**batch).logits, second(**batch).logits, atol=1e-3, rtol=1e-3)
    (tmp_path / "first").rename(tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match="began from .*first, where no run is"):
        low_rank.merged(based(tmp_path / "base", ALL, "llava"), tmp_path / "second")


def test_parts_of_another_run_are_refused(tmp_path: Path) -> None:
    low_rank.save(tiny.model(ALL), tmp_path)
    with pytest.raises(ValueError, match="is of other parts"):
        low_rank.load_whole(tiny.model(FaceParts(clues=3)), tmp_path)


def test_a_base_of_another_family_is_refused(tmp_path: Path) -> None:
    tiny.save(tmp_path, FaceParts())
    with pytest.raises(ValueError, match=r"is of the family llava, the recipe \(x\) is for qwen"):
        bases.base_model(str(tmp_path), FaceParts(), RECIPE.changed(base="qwen", paper="x"))


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no run: it has no parts.json"):
        bases.parts_of(tmp_path)


@pytest.mark.parametrize("base", BASES)
def test_a_merged_model_is_one_of_transformers(tmp_path: Path, base: str) -> None:
    parts = FaceParts()
    folder, recipe = tmp_path / "base", RECIPE.changed(parts=parts, base=base)
    model = low_rank.tuned(based(folder, parts, base), recipe)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=0.05)
    low_rank.save(model, tmp_path / "run")
    told = ["--model", str(folder), "--run", str(tmp_path / "run"), "--out", str(tmp_path / "whole")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["merge", *told])
        merge.main()
    kind = Qwen2_5_VLForConditionalGeneration if base == "qwen" else LlavaForConditionalGeneration
    batch = batch_of(data(tmp_path), parts, base)
    served = kind.from_pretrained(tmp_path / "whole").eval()
    torch.testing.assert_close(served(**batch).logits, model.eval()(**batch).logits, atol=1e-3, rtol=1e-3)
    assert json.loads((tmp_path / "whole" / "config.json").read_text())["model_type"] == ("qwen2_5_vl" if base == "qwen" else "llava")
    assert (tmp_path / "whole" / "tokenizer.json").is_file()


@pytest.mark.parametrize("base", BASES)
def test_what_is_trained_has_32_bits_beside_a_base_of_16(tmp_path: Path, base: str) -> None:
    """As on a GPU: the base in bfloat16, computed by automatic precision."""
    model = low_rank.tuned(tiny.model(ALL, base=base).to(torch.bfloat16), RECIPE)
    changed = [weights for weights in model.parameters() if weights.requires_grad]
    assert {weights.dtype for weights in changed} == {torch.float32}
    with torch.autocast("cpu", torch.bfloat16):
        loss = model(**batch_of(data(tmp_path, 2), ALL, base)).loss
    loss.backward()
    seen = {name: weights.grad for name, weights in low_rank.inside(model).model.face_tokens.named_parameters()}
    assert all(grad is not None for grad in seen.values())
    assert any(grad.abs().max() > 0 for grad in seen.values())


@pytest.mark.parametrize("base", BASES)
def test_a_run_is_saved_from_gathered_weights_too(tmp_path: Path, base: str) -> None:
    """FSDP hands the whole state over, since no process has it all."""
    model = low_rank.tuned(tiny.model(ALL, base=base), RECIPE)
    low_rank.save(model, tmp_path / "own")
    state = {name: value + 1 for name, value in model.state_dict().items()}
    low_rank.save(model, tmp_path / "gathered", state)
    for file in (low_rank.WHOLE_FILE, "adapter_model.safetensors"):
        own, gathered = (load_file(tmp_path / name / file) for name in ("own", "gathered"))
        assert own.keys() == gathered.keys()
        assert all(torch.equal(gathered[name], own[name] + 1) for name in own)


def test_batches_are_divided_among_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = RECIPE.changed(batch=4, total_batch=64)
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert sft.accumulated(recipe) == 4
    monkeypatch.setenv("WORLD_SIZE", "32")
    assert sft.accumulated(recipe) == 1

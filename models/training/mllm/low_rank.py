"""What of a model a recipe changes: low-rank changes of the language model (PEFT), and modules that are trained whole.

Both are kept in one folder: `adapter_model.safetensors` and its configuration as PEFT and vLLM read them, and `whole.safetensors` beside it,
because servers of LoRA adapters take no whole modules. A run that began from another names it in `start.json`: its changes are changes of that one.
"""

import json
import os
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import nn

from .recipes import Recipe

# Linear layers of the language model alone: the vision tower stays as it is (LLaVA's own recipe).
LANGUAGE = r".*language_model\.layers\.\d+\.(self_attn|mlp)\.(q|k|v|o|gate|up|down)_proj"
WHOLE = {"projector": "projector", "parts": "face_tokens"}
WHOLE_FILE = "whole.safetensors"
ADAPTER_FILE = "adapter_config.json"
PARTS_FILE = "parts.json"
START_FILE = "start.json"


def inside(model: nn.Module) -> nn.Module:
    """The model itself, without PEFT around it."""
    return model.get_base_model() if isinstance(model, PeftModel) else model


def tuned(model: nn.Module, recipe: Recipe, low_memory: bool = False) -> nn.Module:
    """The model with everything still but what the recipe trains, which is kept in 32 bits: steps of its rates are lost in bfloat16."""
    model.requires_grad_(False)
    changed: nn.Module = model
    if "lora" in recipe.trained:
        config = LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=recipe.dropout, target_modules=LANGUAGE, task_type="CAUSAL_LM")
        changed = get_peft_model(model, config, low_cpu_mem_usage=low_memory)
    for name, module in WHOLE.items():
        if name in recipe.trained:
            getattr(model.model, module).float().requires_grad_(True)
    return changed


def save(model: nn.Module, folder: Path, state: dict[str, torch.Tensor] | None = None) -> None:
    """What a run has trained, or took over from the run before it. `state` holds the weights where the model itself has only a share of them (FSDP)."""
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(model, PeftModel):
        model.save_pretrained(folder, state_dict=state)
    save_file({name: value.contiguous() for name, value in whole_of(model, state).items()}, folder / WHOLE_FILE)
    (folder / PARTS_FILE).write_text(json.dumps(inside(model).config.parts.to_dict()) + "\n")


def whole_of(model: nn.Module, state: dict[str, torch.Tensor] | None) -> dict[str, torch.Tensor]:
    """Weights of the modules that may be trained whole, by the names that they have in files."""
    inner, weights = inside(model).model, state if state is not None else model.state_dict()
    places = {id(module): name for name, module in model.named_modules()}
    found = {}
    for module in WHOLE.values():
        place = f"{places[id(getattr(inner, module))]}."
        found |= {f"{module}.{name.removeprefix(place)}": value for name, value in weights.items() if name.startswith(place)}
    return found


def load_whole(model: nn.Module, folder: Path) -> None:
    """Modules that a run trained whole. Throws FileNotFoundError, and ValueError where the parts are others than the run's."""
    stored = load_file(folder / WHOLE_FILE)
    for module in WHOLE.values():
        mine = {key.removeprefix(f"{module}."): value for key, value in stored.items() if key.startswith(f"{module}.")}
        try:
            getattr(model.model, module).load_state_dict(mine)
        except RuntimeError as error:
            raise ValueError(f"{folder / WHOLE_FILE} is of other parts: {error}") from None


def began_from(folder: Path, start: Path) -> None:
    """Notes in a run's folder which run it began from, by a path from the one to the other: both may be moved together."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / START_FILE).write_text(json.dumps({"start": os.path.relpath(start.resolve(), folder.resolve())}) + "\n")


def merged(model: nn.Module, folder: Path) -> nn.Module:
    """The base model with all that a run has trained, and the runs before it, put in its place: one model, to serve or to begin the next stage from.

    Throws FileNotFoundError where a run that it began from is gone.
    """
    if (folder / START_FILE).is_file():
        start = folder / json.loads((folder / START_FILE).read_text())["start"]
        if not (start / PARTS_FILE).is_file():
            raise FileNotFoundError(f"{folder} began from {start.resolve()}, where no run is; put it back")
        model = merged(model, start)
    if (folder / WHOLE_FILE).is_file():
        load_whole(model, folder)
    if not (folder / ADAPTER_FILE).is_file():
        return model
    return PeftModel.from_pretrained(model, folder).merge_and_unload()

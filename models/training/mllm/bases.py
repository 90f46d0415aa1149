"""The models that recipes begin from: LLaVA-1.5 or Qwen2.5-VL in the form of transformers, widened by the parts."""

import json
from pathlib import Path

import torch
from transformers import AutoConfig, AutoProcessor, ProcessorMixin

from .face_llava import FaceLlava, FaceLlavaConfig
from .face_qwen import FaceQwen, FaceQwenConfig, FaceQwenProcessor
from .low_rank import PARTS_FILE
from .parts import FaceParts
from .recipes import Recipe

FaceModel = FaceLlava | FaceQwen

FAMILIES = {
    "llava": ("llava", FaceLlava, FaceLlavaConfig),
    "face_llava": ("llava", FaceLlava, FaceLlavaConfig),
    "qwen2_5_vl": ("qwen", FaceQwen, FaceQwenConfig),
    "face_qwen": ("qwen", FaceQwen, FaceQwenConfig),
}
UNTOUCHED = ["vision_tower", "visual", "multi_modal_projector", "face_tokens", "lm_head"]


def family_of(folder: str) -> tuple[str, type[FaceModel], type[FaceLlavaConfig] | type[FaceQwenConfig]]:
    """Throws ValueError where the folder holds a model of another family."""
    kind = AutoConfig.from_pretrained(folder).model_type
    if kind not in FAMILIES:
        raise ValueError(f"{folder} is a {kind}; the parts are made for {', '.join(FAMILIES)}")
    return FAMILIES[kind]


def base_model(folder: str, parts: FaceParts, recipe: Recipe | None = None) -> FaceModel:
    """A model of transformers (a folder or a name) with the parts, which are random until a run has trained them.

    Throws ValueError where it is of another family than the recipe is for.
    """
    family, kind, configuration = family_of(folder)
    if recipe and recipe.base != family:
        raise ValueError(f"{folder} is of the family {family}, the recipe ({recipe.paper}) is for {recipe.base}")
    config = configuration.from_pretrained(folder)
    config.face_parts = parts.to_dict()
    half = torch.bfloat16 if torch.cuda.is_available() else torch.float32
    kept = {}
    if recipe and recipe.four_bits:
        from transformers import BitsAndBytesConfig  # noqa: PLC0415  needs a GPU, and its package

        kept["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=torch.bfloat16,
            bnb_4bit_use_double_quant=True,
            llm_int8_skip_modules=UNTOUCHED,
        )
    return kind.from_pretrained(folder, config=config, dtype=half, **kept)


def parts_of(run: Path) -> FaceParts:
    """The switches that a run was trained with. Throws ValueError where the folder is no run."""
    path = run / PARTS_FILE
    if not path.is_file():
        raise ValueError(f"{run} is no run: it has no {PARTS_FILE}")
    return FaceParts.from_dict(json.loads(path.read_text()))


def processor_of(folder: str, model: FaceModel) -> ProcessorMixin:
    """The processor of a base or a run, which makes room for the tokens of the model's parts."""
    extra = model.config.parts.tokens
    if isinstance(model, FaceQwen):
        found = FaceQwenProcessor.from_pretrained(folder)
        found.extra_tokens = extra
    else:
        found = AutoProcessor.from_pretrained(folder)
        found.num_additional_image_tokens = 1 + extra
    return found

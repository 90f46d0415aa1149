"""python -m mllm.merge --model BASE --run RUN --out FOLDER: one model without adapters and without parts, in the form of transformers and vLLM.

Of a run without parts it is the whole model: `vllm serve FOLDER`. Of one with parts it is what answers; mllm.encode sees for it.
"""

import argparse
import shutil
from pathlib import Path

import torch
from transformers import LlavaConfig, LlavaForConditionalGeneration, PreTrainedModel, Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

from .bases import FaceModel, base_model, parts_of
from .face_qwen import FaceQwen
from .low_rank import merged

BESIDE = ("*.json", "*.jinja", "*.txt", "*.model")
"""Files of a base that are no weights: tokenizer, processor, chat template."""
NOT_BESIDE = ("config.json", "model.safetensors.index.json")


def plain(model: FaceModel) -> PreTrainedModel:
    """The same weights as the class of transformers, without the parts."""
    config, kind = (Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration) if isinstance(model, FaceQwen) else (LlavaConfig, LlavaForConditionalGeneration)
    values = {name: value for name, value in model.config.to_dict().items() if name not in ("face_parts", "model_type", "architectures")}
    with torch.device("meta"):
        found = kind(config(**values))
    weights = {name: value for name, value in model.state_dict().items() if ".face_tokens." not in name}
    found.load_state_dict(weights, assign=True)
    return found


def copy_beside(base: Path, out: Path) -> None:
    for pattern in BESIDE:
        for path in base.glob(pattern):
            if path.name not in NOT_BESIDE:
                shutil.copy(path, out / path.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="the base: a folder")
    parser.add_argument("--run", type=Path, required=True, help="what mllm.sft or mllm.grpo has trained")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if not options.model.is_dir():
        raise SystemExit(f"{options.model} is no folder; download the base and name where it is")
    parts = parts_of(options.run)
    model = plain(merged(base_model(str(options.model), parts), options.run))
    model.save_pretrained(options.out)
    copy_beside(options.model, options.out)
    seen = "" if parts == type(parts)() else "; its parts are mllm.encode's or mllm.serve's"
    print(f"{options.out}: {sum(p.numel() for p in model.parameters()):,} weights{seen}")


if __name__ == "__main__":
    main()

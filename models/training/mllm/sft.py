"""python -m mllm.sft --recipe emola-emotion --model FOLDER --data train.json --pictures FOLDER --out RUN [--start RUN]

Supervised training of a recipe (recipes.json) on instruction data: the loss is of answers alone. Run it under `accelerate launch` on several GPUs
(FSDP, DeepSpeed). It goes on from RUN's newest checkpoint; --start merges an earlier run in first, as FEALLM's and the compound papers' second stages do.
"""

import argparse
import os
from pathlib import Path

import torch
from torch import nn
from transformers import ProcessorMixin, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from . import curves
from .bases import base_model, processor_of
from .items import Collator, Item, measured, read
from .low_rank import began_from, inside, merged, save, tuned
from .recipes import Recipe, load


class FaceTrainer(Trainer):
    """The projector learns at a rate of its own, and checkpoints hold what is trained, not the base."""

    def __init__(self, recipe: Recipe, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.recipe = recipe

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        model = model or self.model
        slow = {id(p) for p in inside(model).model.projector.parameters()}
        changed = [p for p in model.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in changed if id(p) not in slow], "lr": self.recipe.rate},
            {"params": [p for p in changed if id(p) in slow], "lr": self.recipe.projector_rate},
        ]
        self.optimizer = torch.optim.AdamW([g for g in groups if g["params"]], weight_decay=0.0)
        return self.optimizer

    def _save(self, output_dir: str | None = None, state_dict: dict | None = None) -> None:
        save(self.accelerator.unwrap_model(self.model), Path(output_dir or self.args.output_dir), state_dict)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: nn.Module | None = None) -> None:
        restore(model or self.model, Path(resume_from_checkpoint))


def restore(model: nn.Module, folder: Path) -> None:
    """What a checkpoint holds, put back into a model that is being trained."""
    from peft import PeftModel, set_peft_model_state_dict  # noqa: PLC0415
    from safetensors.torch import load_file  # noqa: PLC0415

    from .low_rank import load_whole  # noqa: PLC0415

    load_whole(inside(model), folder)
    if isinstance(model, PeftModel):
        set_peft_model_state_dict(model, load_file(folder / "adapter_model.safetensors"))


def accumulated(recipe: Recipe) -> int:
    """Batches before a step. Those are at once that `accelerate launch` started processes for, else those on the GPUs of this one."""
    at_once = int(os.environ.get("WORLD_SIZE", 0)) or max(1, torch.cuda.device_count())
    return max(1, recipe.total_batch // (recipe.batch * at_once))


def arguments(recipe: Recipe, out: Path, steps: int | None, logging: int, seed: int) -> TrainingArguments:
    return TrainingArguments(
        output_dir=str(out),
        per_device_train_batch_size=recipe.batch,
        gradient_accumulation_steps=accumulated(recipe),
        num_train_epochs=recipe.epochs,
        max_steps=steps or -1,
        learning_rate=recipe.rate,
        lr_scheduler_type="cosine",
        warmup_steps=recipe.warmup,  # below 1 it is a share
        bf16=torch.cuda.is_available(),
        use_cpu=not torch.cuda.is_available(),
        gradient_checkpointing=torch.cuda.is_available(),
        gradient_checkpointing_kwargs={"use_reentrant": False},
        save_strategy="steps",
        save_steps=max(1, (steps or 400) // 2),
        save_total_limit=2,
        logging_steps=logging,
        logging_first_step=True,
        remove_unused_columns=False,
        report_to=[],
        seed=seed,
    )


class Told(TrainerCallback):
    """The log of a run as it goes, and its curves at each checkpoint and at the end."""

    def __init__(self, out: Path) -> None:
        self.out = out

    def on_log(self, _: TrainingArguments, state: TrainerState, __: TrainerControl, **___: object) -> None:
        if state.is_world_process_zero:
            curves.write(self.out, state.log_history)

    def on_save(self, _: TrainingArguments, state: TrainerState, __: TrainerControl, **___: object) -> None:
        if state.is_world_process_zero:
            curves.draw({self.out.name: state.log_history}, self.out / curves.CURVES)

    on_train_end = on_save


def train(
    model: nn.Module, items: list[Item], processor: ProcessorMixin, recipe: Recipe, out: Path, steps: int | None = None, logging: int = 10, seed: int = 1
) -> list[dict]:
    """Trains, saves to `out`, and returns the history of losses."""
    prior = recipe.parts.prior_size if recipe.parts.prior != "none" else 0
    trainer = FaceTrainer(
        recipe=recipe,
        model=model,
        args=arguments(recipe, out, steps, logging, seed),
        train_dataset=items,
        data_collator=Collator(processor, prior, recipe.length),
        callbacks=[Told(out)],
    )
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(out)) if out.is_dir() else None)
    trainer.save_model(str(out))
    if trainer.is_world_process_zero():
        processor.save_pretrained(out)
    return trainer.state.log_history


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", required=True, help="a name of recipes.json, or a file of the same form")
    parser.add_argument("--model", required=True, help="the base: a folder or a name that transformers knows")
    parser.add_argument("--data", type=Path, required=True, help="instructions in the LLaVA form")
    parser.add_argument("--pictures", type=Path, required=True, help="the folder that pictures are named from")
    parser.add_argument("--landmarks", type=Path, help="landmarks.jsonl of `mien dataset landmarks`, where the data name none")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="a run to begin from, merged into the base")
    parser.add_argument("--steps", type=int, help="at most so many")
    parser.add_argument("--seed", type=int, default=1, help="of new weights and of the order of the data")
    parser.add_argument("--four-bits", action="store_true", help="the language model in 4 bits (QLoRA), for 24 GB")
    options = parser.parse_args()
    recipe = load(options.recipe)
    if options.four_bits:
        recipe = recipe.changed(four_bits=True)
    items = read(options.data, options.pictures, measured(options.landmarks, options.pictures))
    set_seed(options.seed)
    model = base_model(options.model, recipe.parts, recipe)
    if options.start:
        model = merged(model, options.start)
        began_from(options.out, options.start)
    processor = processor_of(options.model, model)
    history = train(tuned(model, recipe), items, processor, recipe, options.out, options.steps, seed=options.seed)
    losses = [row["loss"] for row in history if "loss" in row]
    print(f"{options.out}: {len(items)} items, loss {losses[0]:.3f} to {losses[-1]:.3f}" if losses else f"{options.out}: nothing was left to train")


if __name__ == "__main__":
    main()

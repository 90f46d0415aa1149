"""python -m mllm.grpo --model BASE --run RUN --data grpo.jsonl --pictures FOLDER --out RUN2 [--answers 8] [--steps N]

Reinforcement learning with verifiable rewards (GRPO): several answers are drawn to each question, and what was better than its group becomes likelier, held
near the run it began from by a KL term (that run is the same model with the new low-rank changes switched off). Data: lines of
`mien dataset convert --to trl`. The same command goes on where it was stopped.
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import nn
from transformers import ProcessorMixin

from . import curves
from .bases import base_model, parts_of, processor_of
from .items import Measured, landmarks_of, measured
from .low_rank import began_from, inside, merged, save, tuned
from .parts import FaceParts
from .recipes import Recipe
from .rewards import advantages, rewards, solution_of

WEIGHTS = {"label": 1.0, "form": 1.0, "units": 1.0}


@dataclass(frozen=True)
class GrpoOptions:
    """UniFER's: 8 answers, beta 0.04, rate 1e-6, temperature 1, 1,024 tokens."""

    answers: int = 8
    beta: float = 0.04
    rate: float = 1e-6
    temperature: float = 1.0
    tokens: int = 1024
    clip: float = 0.2
    seed: int = 1
    kept_every: int = 50
    """Steps after which a run is kept, to go on from there."""


@dataclass(frozen=True)
class Asked:
    """A question whose answers can be checked."""

    id: str
    picture: Path
    prompt: str
    solution: dict
    landmarks: tuple[float, ...]


def read(path: Path, pictures: Path, faces: Measured | None = None) -> list[Asked]:
    """Lines of `mien dataset convert --to trl`. Throws ValueError that names the line and what is missing."""
    found = []
    for index, line in enumerate(path.read_text().splitlines()):
        entry, where = json.loads(line), f"{path}, line {index + 1}"
        if not entry.get("images") or not entry.get("prompt") or "solution" not in entry:
            raise ValueError(f"{where}: needs images, prompt and solution, as `mien dataset convert --to trl` writes them")
        picture = pictures / entry["images"][0]
        if not picture.is_file():
            raise ValueError(f"{where}: no picture {picture}")
        prompt = entry["prompt"][0]["content"]
        landmarks = landmarks_of(entry.get("landmark", (faces or {}).get(picture.resolve())), pictures, where)
        found.append(Asked(where, picture, prompt, solution_of(entry["solution"]), landmarks))
    return found


def inputs_of(question: Asked, processor: ProcessorMixin, parts: FaceParts) -> dict[str, torch.Tensor]:
    turns = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": question.prompt}]}]
    text = processor.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    found = dict(processor(images=[Image.open(question.picture).convert("RGB")], text=[text], return_tensors="pt"))
    if parts.prior != "none":
        if len(question.landmarks) != parts.prior_size:
            raise ValueError(f"{question.id}: the prior is made of {parts.prior_size} numbers, this face has {len(question.landmarks)}")
        found["landmarks"] = torch.tensor([question.landmarks])
    return found


def repeated(asked: dict[str, torch.Tensor], count: int) -> dict[str, torch.Tensor]:
    """A question of one picture, so many times; Qwen2.5-VL has the cells of all pictures in one list."""
    return {name: value.repeat(count, *[1] * (value.dim() - 1)) for name, value in asked.items()}


def chances(model: nn.Module, asked: dict[str, torch.Tensor], said: torch.Tensor) -> torch.Tensor:
    """Log-probabilities [answers, tokens] of the answers' tokens after the question."""
    count, length = said.shape[0], asked["input_ids"].shape[1]
    whole = repeated({name: value for name, value in asked.items() if name not in ("input_ids", "attention_mask")}, count)
    ids = torch.cat([asked["input_ids"].expand(count, -1), said], 1)
    if "mm_token_type_ids" in whole:  # answers are words
        whole["mm_token_type_ids"] = torch.cat([whole["mm_token_type_ids"], torch.zeros_like(said)], 1)
    logits = model(**whole, input_ids=ids, attention_mask=torch.ones_like(ids)).logits[:, length - 1 : -1].float()
    return logits.log_softmax(-1).gather(-1, said[..., None])[..., 0]


def loss_of(new: torch.Tensor, old: torch.Tensor, first: torch.Tensor, better: torch.Tensor, real: torch.Tensor, options: GrpoOptions) -> torch.Tensor:
    """GRPO's loss over [answers, tokens]: clipped ratio times advantage, and the unbiased KL to the model it began from; `real` leaves padding out."""
    ratio = (new - old).exp()
    gain = torch.minimum(ratio * better[:, None], ratio.clamp(1 - options.clip, 1 + options.clip) * better[:, None])
    away = (first - new).exp() - (first - new) - 1
    each = -(gain - options.beta * away)
    return ((each * real).sum(1) / real.sum(1).clamp(min=1)).mean()


@torch.no_grad()
def drawn(model: nn.Module, asked: dict[str, torch.Tensor], words: object, options: GrpoOptions) -> tuple[torch.Tensor, torch.Tensor]:
    """Answers [count, tokens] as drawn, and which of their tokens are said (to the first end, which is among them)."""
    many = repeated(asked, options.answers)
    # A picture's placeholder in an answer would want a picture.
    unsaid = [inside(model).config.image_token_id]
    given = {"do_sample": True, "temperature": options.temperature, "top_k": 0, "top_p": 1.0, "max_new_tokens": options.tokens, "suppress_tokens": unsaid}
    made = model.generate(**many, **given, pad_token_id=words.pad_token_id)
    said = made[:, asked["input_ids"].shape[1] :]
    ended = (said == words.eos_token_id).cumsum(1)
    return said, (ended - (said == words.eos_token_id).int() == 0).float()


CHECKPOINT = "checkpoint.pt"


def trained_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: weights for name, weights in model.named_parameters() if weights.requires_grad}


def keep(model: nn.Module, optimizer: torch.optim.Optimizer, rows: list[dict], options: GrpoOptions, out: Path) -> None:
    """What a run needs to go on from here, in one piece."""
    part = out / f"{CHECKPOINT}.part"
    torch.save({"options": asdict(options), "rows": rows, "optimizer": optimizer.state_dict(), "trained": trained_of(model)}, part)
    part.replace(out / CHECKPOINT)


def kept(model: nn.Module, optimizer: torch.optim.Optimizer, options: GrpoOptions, out: Path) -> list[dict]:
    """Puts a run back to where it was kept, and returns its rows; none for a new one. Throws ValueError where it was made with other options."""
    path = out / CHECKPOINT
    if not path.exists():
        return []
    stored = torch.load(path, map_location="cpu")
    if stored["options"] != asdict(options):
        raise ValueError(f"{path} was made with {stored['options']}; give the same, choose another --out, or delete it")
    optimizer.load_state_dict(stored["optimizer"])
    with torch.no_grad():
        for name, weights in trained_of(model).items():
            weights.copy_(stored["trained"][name])
    return stored["rows"]


def learn(model: nn.Module, questions: list[Asked], processor: ProcessorMixin, parts: FaceParts, options: GrpoOptions, steps: int, out: Path) -> list[dict]:
    """Goes through the questions in turn, from where a run in `out` was kept; returns a row a step: mean reward and how far the answers moved."""
    out.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=options.rate, weight_decay=0.0)
    words, rows = processor.tokenizer, kept(model, optimizer, options, out)
    for step in range(len(rows), steps):
        # Of its step alone, so that a run that was stopped draws what it would have drawn.
        torch.manual_seed(options.seed * 1_000_003 + step)
        question = questions[step % len(questions)]
        asked = {name: value.to(next(model.parameters()).device) for name, value in inputs_of(question, processor, parts).items()}
        model.eval()
        said, real = drawn(model, asked, words, options)
        texts = [words.decode(row[one.bool()], skip_special_tokens=True) for row, one in zip(said, real, strict=True)]
        got = rewards(texts, question.solution, WEIGHTS)
        with torch.no_grad(), model.disable_adapter():
            first = chances(model, asked, said)
        new = chances(model, asked, said)
        loss = loss_of(new, new.detach(), first, advantages(got).to(new.device), real, options)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        moved = float(((new.detach() - first) * real).sum() / real.sum())
        rows.append({"step": step + 1, "question": question.id, "reward": float(got.mean()), "spread": float(got.std(unbiased=False)), "moved": moved})
        if (step + 1) % options.kept_every == 0 or step + 1 == steps:
            keep(model, optimizer, rows, options, out)
            curves.write(out, rows)
            curves.draw({out.name: rows}, out / curves.CURVES)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--run", type=Path, required=True, help="the run it begins from")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--landmarks", type=Path, help="landmarks.jsonl of `mien dataset landmarks`")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--answers", type=int, default=8)
    parser.add_argument("--tokens", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=1e-6)
    parser.add_argument("--steps", type=int, help="as many as there are questions, without it")
    options = parser.parse_args()
    parts = parts_of(options.run)
    recipe = Recipe(parts=parts, trained=("lora",))
    questions = read(options.data, options.pictures, measured(options.landmarks, options.pictures))
    base = merged(base_model(options.model, parts), options.run)
    processor = processor_of(str(options.run), base)
    model = tuned(base, recipe)
    model = model.to("cuda" if torch.cuda.is_available() else "cpu")
    chosen = GrpoOptions(answers=options.answers, tokens=options.tokens, rate=options.rate)
    rows = learn(model, questions, processor, parts, chosen, options.steps or len(questions), options.out)
    began_from(options.out, options.run)
    save(model, options.out)
    processor.save_pretrained(options.out)
    third = max(1, len(rows) // 3)
    first, last = (sum(row["reward"] for row in part) / third for part in (rows[:third], rows[-third:]))
    print(f"{options.out}: {len(rows)} questions, mean reward {first:.3f} in the first third, {last:.3f} in the last")


if __name__ == "__main__":
    main()

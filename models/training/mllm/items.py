"""What the trainers read: the LLaVA form of `mien dataset convert`, and batches of it in which only answers count."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import ProcessorMixin

IGNORED = -100  # labels that no loss is taken of
MARKER = "<image>"
ROLES = {"human": "user", "gpt": "assistant"}


@dataclass(frozen=True)
class Item:
    """One picture and what is said about it; `landmarks` are empty where the file has none."""

    id: str
    picture: Path
    turns: tuple[tuple[str, str], ...]
    landmarks: tuple[float, ...]


Measured = dict[Path, object]
"""By picture: its landmarks, or the name of their file."""


def measured(path: Path | None, pictures: Path) -> Measured:
    """What `mien dataset landmarks PICTURES` wrote: its landmarks.jsonl. Nothing without a file; pictures without a face are left out."""
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path else []
    return {
        (pictures / line["image"]).resolve(): line["landmarks"] if "landmarks" in line else str(path.parent.resolve() / line["file"])
        for line in lines
        if line["found"]
    }


def read(path: Path, pictures: Path, faces: Measured | None = None) -> list[Item]:
    """Items of a LLaVA file; their landmarks are their own, else those measured. Throws ValueError that names the item and what is wrong with it."""
    listed = json.loads(path.read_text())
    if not isinstance(listed, list) or not listed:
        raise ValueError(f"{path}: expected a list of items, as `mien dataset convert --to llava` writes them")
    return [_item(entry, f"{path}, item {index}", pictures, faces or {}) for index, entry in enumerate(listed)]


def _item(entry: dict, where: str, pictures: Path, faces: Measured) -> Item:
    missing = {"image", "conversations"} - set(entry)
    if missing:
        raise ValueError(f"{where}: no {' and no '.join(sorted(missing))}")
    turns = tuple((ROLES.get(turn.get("from"), ""), turn.get("value", "")) for turn in entry["conversations"])
    roles = [role for role, _ in turns]
    if len(turns) < 2 or roles != ["user", "assistant"] * (len(turns) // 2):
        raise ValueError(f"{where}: turns must go human, gpt, human, gpt; they go {', '.join(str(t.get('from')) for t in entry['conversations'])}")
    picture = pictures / entry["image"]
    if not picture.is_file():
        raise ValueError(f"{where}: no picture {picture}")
    return Item(str(entry.get("id", where)), picture, turns, landmarks_of(entry.get("landmark", faces.get(picture.resolve())), pictures, where))


def landmarks_of(said: object, pictures: Path, where: str) -> tuple[float, ...]:
    """Numbers of a face, as a list or as the name of an .npy file in the folder of pictures; empty where nothing is said. Throws ValueError."""
    if said is None:
        return ()
    if isinstance(said, list):
        return tuple(float(value) for value in said)
    path = pictures / str(said)
    if not path.is_file():
        raise ValueError(f"{where}: no landmarks {path}; `mien dataset landmarks` writes them")
    return tuple(float(value) for value in np.load(path).ravel())


def messages(item: Item) -> list[dict]:
    """Turns as chat templates take them: the picture once, before the first question."""
    found = []
    for index, (role, text) in enumerate(item.turns):
        words = [{"type": "text", "text": text.replace(MARKER, "").strip()}]
        found.append({"role": role, "content": [{"type": "image"}, *words] if index == 0 else words})
    return found


@dataclass
class Collator:
    """Items -> a batch. `prior_size` numbers of each face are expected where it is not 0; `length` tokens at most, the end is cut."""

    processor: ProcessorMixin
    prior_size: int = 0
    length: int = 2048

    def __call__(self, items: list[Item]) -> dict[str, torch.Tensor]:
        pictures = [Image.open(item.picture).convert("RGB") for item in items]
        chats = [messages(item) for item in items]
        texts = [self.processor.apply_chat_template(chat, tokenize=False) for chat in chats]
        batch = self.processor(images=pictures, text=texts, return_tensors="pt", padding=True, padding_side="right")
        labels = torch.full_like(batch["input_ids"], IGNORED)
        for row, (chat, picture) in enumerate(zip(chats, pictures, strict=True)):
            for begin, end in self._answers(chat, picture):
                labels[row, begin:end] = batch["input_ids"][row, begin:end]
        found = {**batch, "labels": labels}
        for name in ("input_ids", "attention_mask", "labels", "mm_token_type_ids"):
            if name in found:
                found[name] = found[name][:, : self.length]
        if self.prior_size:
            found["landmarks"] = self._landmarks(items)
        return found

    def _answers(self, chat: list[dict], picture: Image.Image) -> list[tuple[int, int]]:
        """Where the answers lie among the tokens: from the end of what asks to the end of what answers.

        Throws ValueError where a question's tokens are not the first of question and answer: its end would be learned wrongly, or not at all.
        """
        found = []
        for index in range(1, len(chat), 2):
            asked = self._tokens(self.processor.apply_chat_template(chat[:index], tokenize=False, add_generation_prompt=True), picture)
            whole = self._tokens(self.processor.apply_chat_template(chat[: index + 1], tokenize=False), picture)
            if whole[: len(asked)] != asked:
                raise ValueError("the chat template ends a question within a token of the answer; let its last letter be no space")
            found.append((len(asked), len(whole)))
        return found

    def _tokens(self, text: str, picture: Image.Image) -> list[int]:
        return self.processor(images=[picture], text=[text], return_tensors="pt")["input_ids"][0].tolist()

    def _landmarks(self, items: list[Item]) -> torch.Tensor:
        for item in items:
            if len(item.landmarks) != self.prior_size:
                raise ValueError(
                    f"{item.id}: the prior is made of {self.prior_size} numbers, this face has {len(item.landmarks)}; `mien dataset landmarks` writes them"
                )
        return torch.tensor([item.landmarks for item in items])

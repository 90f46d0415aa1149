"""Answers to several questions at once: greedy or drawn, token by token, so that each is heard as it is said."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from PIL import Image
from torch import nn

MAX_SIDE_PX = 4096


class Refused(ValueError):
    """A request that cannot be answered; its text is for the one who sent it."""


@dataclass
class Question:
    """One request, read and checked. `heard` gets each piece of text; the last call has the reason of the end."""

    turns: list[dict]
    pictures: list[Image.Image]
    landmarks: list[float] | None
    tokens: int
    temperature: float
    heard: Callable[[str, str | None], None]
    stopped: Callable[[], bool] = lambda: False


@dataclass
class _Row:
    question: Question
    ids: list[int] = field(default_factory=list)
    told: int = 0
    open: bool = True


def picture_of(url: str) -> Image.Image:
    """A data URL as a picture. Throws Refused: addresses are not fetched."""
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:image/") or not head.endswith(";base64"):
        raise Refused("pictures are taken as data URLs (data:image/jpeg;base64,…), addresses are not fetched")
    try:
        found = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
        if max(found.size) > MAX_SIDE_PX:
            raise Refused(f"a picture of {found.width} x {found.height}: at most {MAX_SIDE_PX} pixels a side")
        return found.convert("RGB")
    except (ValueError, OSError) as error:
        raise error if isinstance(error, Refused) else Refused("a picture cannot be read; send JPEG or PNG") from None


def question_of(body: dict, prior_size: int, heard: Callable[[str, str | None], None], stopped: Callable[[], bool]) -> Question:
    """The body of a chat completion. Throws Refused where it asks for what this server cannot give."""
    for name in ("response_format", "structured_outputs", "logprobs", "tools", "continue_final_message"):
        if body.get(name):
            raise Refused(f"{name} is not supported by this server")
    turns, pictures = [], []
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused("messages is empty")
    for message in messages:
        content = message.get("content")
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        kept = []
        for part in parts or []:
            if part.get("type") == "image_url":
                pictures.append(picture_of((part.get("image_url") or {}).get("url", "")))
                kept.append({"type": "image"})
            elif part.get("type") == "text":
                kept.append({"type": "text", "text": str(part.get("text", ""))})
        turns.append({"role": str(message.get("role", "user")), "content": kept})
    if len(pictures) != 1:
        raise Refused(f"{len(pictures)} pictures; a question is about one")
    faces = faces_of(body, len(pictures), prior_size)
    tokens = body.get("max_tokens") or body.get("max_completion_tokens") or 256
    return Question(turns, pictures, faces[0] if faces else None, int(tokens), float(body.get("temperature") or 0), heard, stopped)


def faces_of(body: dict, pictures: int, size: int) -> list[list[float]] | None:
    """Landmarks of each picture, where the model takes `size` of them. Throws Refused where they are missing, or not as many."""
    said = (body.get("mien") or {}).get("landmarks")
    if size and not _are_faces(said, pictures, size):
        raise Refused(f"mien.landmarks must be a list with {size} numbers for each picture: this model has a facial prior token")
    return said if size else None


def _are_faces(said: object, pictures: int, size: int) -> bool:
    faces = said if isinstance(said, list) else []
    numbers = [v for face in faces if isinstance(face, list) and len(face) == size for v in face]
    return len(faces) == pictures and len(numbers) == pictures * size and all(isinstance(v, int | float) for v in numbers)


@torch.no_grad()
def answer(model: nn.Module, processor: object, questions: list[Question]) -> None:
    """Answers all of them in one batch; each ends by itself, and the batch with the last."""
    texts = [processor.apply_chat_template(q.turns, tokenize=False, add_generation_prompt=True) for q in questions]
    made = processor(images=[q.pictures[0] for q in questions], text=texts, return_tensors="pt", padding=True, padding_side="left").to(model.device)
    given = dict(made)
    if questions[0].landmarks is not None:
        given["landmarks"] = torch.tensor([q.landmarks for q in questions], device=model.device)
    mask = given.pop("attention_mask")
    rows = [_Row(q) for q in questions]
    end, words = processor.tokenizer.eos_token_id, processor.tokenizer
    place = model.places(given, mask)
    found = model(**given, attention_mask=mask, position_ids=place, use_cache=True)
    while True:
        scores = found.logits[:, -1].float()
        scores[:, model.config.image_token_id] = -torch.inf  # a picture's placeholder would want a picture
        chosen = torch.stack([_next(scores[i], row.question.temperature) for i, row in enumerate(rows)])
        for row, token in zip(rows, chosen.tolist(), strict=True):
            if row.open:
                _say(row, token, end, words)
        if not any(row.open for row in rows):
            return
        mask = torch.cat([mask, mask.new_ones(len(rows), 1)], 1)
        place = place[..., -1:] + 1
        found = model(input_ids=chosen[:, None], attention_mask=mask, position_ids=place, cache=found.cache, use_cache=True)


def _next(scores: torch.Tensor, temperature: float) -> torch.Tensor:
    if temperature <= 0:
        return scores.argmax()
    return torch.multinomial((scores / temperature).softmax(-1), 1)[0]


def _say(row: _Row, token: int, end: int, words: object) -> None:
    """Hands on what became whole text; a letter of several tokens waits for its last."""
    reason = "stop" if token == end else None
    if reason is None:
        row.ids.append(token)
        if len(row.ids) >= row.question.tokens:
            reason = "length"
        elif row.question.stopped():
            reason = "abort"
    text = words.decode(row.ids, skip_special_tokens=True)
    if reason is None and text.endswith("\ufffd"):
        return
    row.question.heard(text[row.told :], reason)
    row.told, row.open = len(text), reason is None

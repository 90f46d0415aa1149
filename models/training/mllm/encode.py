"""python -m mllm.encode --model LLAVA --run RUN --to http://127.0.0.1:8001/v1 --to-model MERGED [--port 8000]: pictures as vLLM is to see them.

vLLM knows no parts, but takes finished embeddings of pictures (`vllm serve MERGED --enable-mm-embeds`, MERGED by mllm.merge). This server stands before
it: it takes OpenAI chat requests with pictures and `mien: {landmarks: [[…]]}`, computes each picture's tokens (tower, projector and parts; a GPU of
4 GB), puts them in the picture's place as vLLM's documentation says (`image_embeds`: a tensor as torch.save writes it, in base64), and hands on what
vLLM answers, streams too. All else of a request (forms, log-probabilities, begun answers) is vLLM's.
"""

import argparse
import base64
import io
import json
import queue
import urllib.error
import urllib.request
from concurrent.futures import Future
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

import torch
from PIL import Image
from torch import nn
from transformers import ProcessorMixin

from .bases import base_model, parts_of, processor_of
from .batches import Batches
from .chat_http import ChatHandler, answer_until_stopped
from .face_llava import FaceLlava
from .low_rank import merged
from .speak import Refused, faces_of, picture_of

TIMEOUT_S = 300
RELAYED_BYTES = 65536


@dataclass
class Seen:
    """A picture, its face's numbers, and its tokens [tokens, width] once they are computed."""

    picture: Image.Image
    landmarks: list[float] | None
    tokens: Future = field(default_factory=Future)


@torch.no_grad()
def encode(model: FaceLlava, processor: ProcessorMixin, seen: list[Seen]) -> None:
    """Computes the tokens of pictures, all at once."""
    pixels = processor.image_processor(images=[one.picture for one in seen], return_tensors="pt")["pixel_values"].to(model.device, model.dtype)
    landmarks = None if seen[0].landmarks is None else torch.tensor([one.landmarks for one in seen], device=model.device)
    for one, tokens in zip(seen, model.model.get_image_features(pixels, landmarks).pooler_output, strict=True):
        one.tokens.set_result(tokens.cpu())


def written(tensor: torch.Tensor) -> str:
    with io.BytesIO() as buffer:
        torch.save(tensor.contiguous().clone(), buffer)
        return base64.b64encode(buffer.getvalue()).decode()


def pictures_in(body: dict) -> list[dict]:
    """The parts of the messages that are pictures, in order. Throws Refused where there is none."""
    contents = [message.get("content") for message in body.get("messages") or []]
    found = [part for content in contents if isinstance(content, list) for part in content if part.get("type") == "image_url"]
    if not found:
        raise Refused("0 pictures; a question is about at least one")
    return found


def put_in_place(parts: list[dict], tokens: list[torch.Tensor]) -> None:
    """A picture alone is [1, tokens, width], several are [tokens, width] each: so vLLM's documentation has it."""
    for part, one in zip(parts, tokens, strict=True):
        part.clear()
        part.update({"type": "image_embeds", "image_embeds": written(one[None] if len(tokens) == 1 else one)})


class Handler(ChatHandler):
    """Replaces pictures by their tokens, and relays."""

    batches: Batches[Seen]
    to: str
    to_model: str

    def chat(self, body: dict, name: str) -> None:
        parts = pictures_in(body)
        faces = faces_of(body, len(parts), self.prior_size(name))
        seen = [Seen(picture_of((part.get("image_url") or {}).get("url", "")), faces[i] if faces else None) for i, part in enumerate(parts)]
        try:
            for one in seen:
                self.batches.waiting.put_nowait(one)
        except queue.Full:
            return self.problem(503, "too many pictures wait; come again later")
        try:
            put_in_place(parts, [one.tokens.result() for one in seen])
        except Exception as error:  # noqa: BLE001  what a batch failed of
            return self.problem(500, f"error: {error}")
        body.pop("mien", None)
        return self._relayed(body | {"model": self.to_model})

    def _relayed(self, body: dict) -> None:
        headers = {"content-type": "application/json"}
        if self.headers.get("authorization"):
            headers["authorization"] = self.headers["authorization"]
        request = urllib.request.Request(f"{self.to}/chat/completions", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                if not body.get("stream"):
                    return self.send_bytes(answer.status, answer.read())
                self.begin_stream()
                while data := answer.read1(RELAYED_BYTES):
                    self.chunk(data)
                return self.chunk(b"")
        except urllib.error.HTTPError as error:
            return self.send_bytes(error.code, error.read())
        except urllib.error.URLError as error:
            return self.problem(502, f"the language model at {self.to} does not answer: {error.reason}")
        except OSError:
            self.close_connection = True  # who asked is gone, or vLLM in the middle of a stream: the connection's end says so


def server_of(model: FaceLlava, processor: ProcessorMixin, name: str, address: tuple[str, int], to: tuple[str, str], size: int = 8) -> ThreadingHTTPServer:
    """A server whose port is bound; `to` is the address of vLLM and its model's name."""
    model.eval()
    batches = Batches(lambda seen: encode(model, processor, seen), lambda one, error: one.tokens.set_exception(error), size)
    batches.start()
    bound = {"batches": batches, "served": {name: model.config.parts}, "to": to[0].rstrip("/"), "to_model": to[1]}
    return ThreadingHTTPServer(address, type("BoundHandler", (Handler,), bound))


def without_language(model: FaceLlava) -> FaceLlava:
    """What sees alone: the language model's weights are given back."""
    model.model.language_model, model.lm_head = nn.Identity(), nn.Identity()
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the base: a folder or a name that transformers knows")
    parser.add_argument("--run", type=Path, required=True, help="what mllm.sft has trained")
    parser.add_argument("--to", required=True, help="where vLLM is, as http://HOST:PORT/v1")
    parser.add_argument("--to-model", required=True, help="what vLLM calls the model")
    parser.add_argument("--name", help="what clients call it; the run's folder without one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    model = merged(base_model(options.model, parts_of(options.run)), options.run)
    if not isinstance(model, FaceLlava):
        raise SystemExit("mllm.encode is for LLaVA; Qwen2.5-VL without parts is served by vLLM itself, with parts by mllm.serve")
    processor = processor_of(str(options.run), model)
    model = without_language(model).to("cuda" if torch.cuda.is_available() else "cpu")
    name = options.name or options.run.name
    server = server_of(model, processor, name, (options.host, options.port), (options.to, options.to_model))
    answer_until_stopped(server, [name], options.host)


if __name__ == "__main__":
    main()

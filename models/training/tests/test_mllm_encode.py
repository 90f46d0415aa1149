"""Pictures as embeddings for vLLM: over HTTP, to a receiver that takes the form of vLLM's documentation. vLLM itself was not run."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from transformers.modeling_outputs import BaseModelOutputWithPooling

from tests.mllm_world import ALL
from tests.test_mllm_serving import asked, question, text_of

from mllm import encode, serve, tiny

WIDTH = 64
TOKENS = 16 + ALL.tokens


class Receiver(BaseHTTPRequestHandler):
    """Stands where vLLM would: reads `image_embeds`, and answers by the language model alone."""

    model = tiny.model(ALL).eval()
    words = tiny.tokenizer()
    bodies: list[dict] = []
    headers_seen: list[dict] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.bodies.append(body)
        self.headers_seen.append(dict(self.headers))
        if body.get("guided") == "no":
            return self._send(400, json.dumps({"error": {"message": "no such form"}}).encode(), "application/json")
        text = self._answer(body)
        if body.get("stream"):
            events = [{"choices": [{"index": 0, "delta": {"content": letter}, "finish_reason": None}]} for letter in text]
            lines = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
            return self._send(200, lines.encode(), "text/event-stream")
        return self._send(200, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode(), "application/json")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    @torch.no_grad()
    def _answer(self, body: dict) -> str:
        parts = body["messages"][0]["content"]
        (seen,) = [read(part["image_embeds"]) for part in parts if part["type"] == "image_embeds"]
        (said,) = [part["text"] for part in parts if part["type"] == "text"]
        ids = self.words(f"user:\n{tiny.IMAGE * seen.shape[1]}\n{said}\nassistant:\n", return_tensors="pt")["input_ids"]
        length = ids.shape[1]
        for _ in range(body["max_tokens"]):
            found = self.model(input_ids=ids, mm_encoder_outputs={"image": BaseModelOutputWithPooling(pooler_output=list(seen))})
            scores = found.logits[:, -1]
            scores[:, self.model.config.image_token_id] = -torch.inf
            ids = torch.cat([ids, scores.argmax(-1, keepdim=True)], 1)
        return self.words.decode(ids[0, length:], skip_special_tokens=True)


def read(said: str) -> torch.Tensor:
    """As vLLM's receiving side does: torch.load of the decoded text, weights alone."""
    return torch.load(io.BytesIO(base64.b64decode(said, validate=True)), weights_only=True)


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[str, str]]:
    """Addresses of the encoder before the receiver, and of the server that does all by itself."""
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    to = (f"http://127.0.0.1:{receiver.server_address[1]}/v1", "merged")
    seeing = encode.without_language(tiny.model(ALL))
    servers = [
        receiver,
        encode.server_of(seeing, tiny.processor(ALL), "tiny", ("127.0.0.1", 0), to),
        serve.server_of({"tiny": serve.Served(tiny.model(ALL), tiny.processor(ALL))}, ("127.0.0.1", 0), 4),
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tuple(f"http://127.0.0.1:{server.server_address[1]}/v1" for server in servers[1:])
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_answer_is_that_of_the_whole_model(places: tuple[str, str]) -> None:
    for shade in (40, 200):
        assert text_of(asked(places[0], question(shade=shade))) == text_of(asked(places[1], question(shade=shade)))


def test_the_request_has_the_form_that_vllm_documents(places: tuple[str, str]) -> None:
    asked(places[0], question(logprobs=True, response_format={"type": "json_object"}))
    body = Receiver.bodies[-1]
    assert body["model"] == "merged"
    assert "mien" not in body
    assert (body["logprobs"], body["response_format"]) == (True, {"type": "json_object"})
    picture, words = body["messages"][0]["content"]
    assert set(picture) == {"type", "image_embeds"}
    assert words == {"type": "text", "text": "Which?"}
    assert read(picture["image_embeds"]).shape == (1, TOKENS, WIDTH)  # a picture alone has a first axis of 1


def test_the_numbers_of_the_face_are_in_the_embeddings(places: tuple[str, str]) -> None:
    seen = []
    for value in (0.0, 1.0):
        asked(places[0], question(mien={"landmarks": [[value] * 6]}))
        seen.append(read(Receiver.bodies[-1]["messages"][0]["content"][0]["image_embeds"])[0])
    assert (seen[0] != seen[1]).any(1).nonzero().flatten().tolist() == [16]


def test_several_pictures_are_lists_of_two_axes() -> None:
    parts = [{"type": "image_url"}, {"type": "image_url"}]
    encode.put_in_place(parts, [torch.zeros(5, WIDTH), torch.ones(5, WIDTH)])
    assert [read(part["image_embeds"]).shape for part in parts] == [(5, WIDTH)] * 2


def test_a_stream_is_relayed(places: tuple[str, str]) -> None:
    whole = text_of(asked(places[0], question()))
    _, streamed = asked(places[0], question(stream=True))
    events = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["delta"]["content"] for event in events) == whole
    assert streamed.rstrip().endswith("data: [DONE]")


def test_refusals_of_both_sides_reach_who_asked(places: tuple[str, str]) -> None:
    assert asked(places[0], question(guided="no")) == (400, json.dumps({"error": {"message": "no such form"}}))
    code, text = asked(places[0], question(mien={}))
    assert (code, "6 numbers for each picture" in text) == (400, True)
    code, text = asked(places[0], {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}]})
    assert (code, "0 pictures" in text) == (400, True)


def test_a_language_model_that_is_away_is_said() -> None:
    nowhere = ("http://127.0.0.1:9/v1", "merged")
    server = encode.server_of(tiny.model(ALL), tiny.processor(ALL), "tiny", ("127.0.0.1", 0), nowhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    code, text = asked(f"http://127.0.0.1:{server.server_address[1]}/v1", question())
    server.shutdown()
    server.server_close()
    assert (code, "http://127.0.0.1:9/v1 does not answer" in text) == (502, True)

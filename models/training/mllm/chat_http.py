"""What servers of the OpenAI chat interface here share: routes, bodies with a bound, answers in JSON or as a stream."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .parts import FaceParts
from .speak import Refused

BODY_BYTES = 16 * 2**20


class ChatHandler(BaseHTTPRequestHandler):
    """GET /health, GET /v1/models, POST /v1/chat/completions, which is `chat`'s."""

    protocol_version = "HTTP/1.1"
    served: dict[str, FaceParts]
    """Models by name; the first is asked where a request names none."""

    def prior_size(self, name: str) -> int:
        parts = self.served[name]
        return parts.prior_size if parts.prior != "none" else 0

    def log_message(self, *_: object) -> None:
        """Says nothing: requests carry pictures of people."""

    def do_GET(self) -> None:  # noqa: N802
        if self.path == "/health":
            return self.send_json(200, {"status": "ok"})
        if self.path == "/v1/models":
            plain = {"object": "model", "owned_by": "mien", "parent": None}
            listed = [{"id": name, **plain, "mien": {"landmarks": self.prior_size(name)}} for name in self.served]
            return self.send_json(200, {"object": "list", "data": listed})
        return self.problem(404, f"nothing is at {self.path}")

    def do_POST(self) -> None:  # noqa: N802
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= BODY_BYTES:
            self.close_connection = True
            return self.problem(413, f"a body of 1 to {BODY_BYTES} bytes is taken")
        raw = self.rfile.read(length)
        if self.path != "/v1/chat/completions":
            return self.problem(404, f"nothing is at {self.path}")
        try:
            body = json.loads(raw)
            name = body.get("model") or next(iter(self.served))
            if name not in self.served:
                return self.problem(404, f"no model {name!r}; there is {', '.join(self.served)}")
            return self.chat(body, name)
        except (Refused, ValueError, AttributeError, TypeError) as error:
            return self.problem(400, str(error) if isinstance(error, Refused) else "the body is no chat completion request")

    def chat(self, body: dict, name: str) -> None:
        raise NotImplementedError

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        """Part of a stream; an empty one ends it."""
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def send_json(self, status: int, value: dict) -> None:
        self.send_bytes(status, json.dumps(value).encode())

    def send_bytes(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status: int, text: str) -> None:
        self.send_json(status, {"error": {"message": text, "type": "invalid_request_error" if status < 500 else "server_error"}})


def answer_until_stopped(server: ThreadingHTTPServer, names: list[str], host: str) -> None:
    """Says where the models are, and answers until it is interrupted."""
    print(f"{', '.join(names)} at http://{host}:{server.server_address[1]}/v1", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()

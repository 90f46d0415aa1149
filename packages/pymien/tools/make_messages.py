"""Writes src/pymien/messages.py from mien's docs/protocol.schema.json: `python tools/make_messages.py`."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
SCHEMA = HERE.parent.parent / "docs" / "protocol.schema.json"
TARGET = HERE / "src" / "pymien" / "messages.py"

#: What a subscription brings, besides pictures and gaps, which are not JSON.
DELIVERED = ("faces", "episode", "insight", "writing", "rule", "state", "removed", "stats", "notice")
#: What the conversation itself consists of.
CONVERSATION = ("welcome", "subscribed", "error")

HEAD = '''"""Messages of a running mien. Written by tools/make_messages.py from mien's schema: do not edit."""

from typing import Literal, TypedDict
'''

TAIL = '''

class PreviewMessage(TypedDict):
    """A picture of a camera."""

    type: Literal["preview"]
    id: str
    source: str
    ptsUs: int
    widthPx: float
    heightPx: float
    jpeg: bytes


class GapMessage(TypedDict):
    """Episodes, insights, firings or states were missed for good: read them anew over REST."""

    type: Literal["gap"]


'''

SIMPLE = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


class Writer:
    """Collects classes in the order in which they are needed."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        """Take the definitions of the schema."""
        self.definitions = definitions
        self.classes: dict[str, str] = {}

    def named(self, name: str, class_name: str) -> str:
        """Write a definition as a class and return its name."""
        if class_name not in self.classes:
            self.object(self.definitions[name], class_name)
        return class_name

    def type_of(self, schema: dict[str, Any], name: str) -> str:
        """Return the Python type of a schema; objects inside of it become classes called `name`."""
        if "$ref" in schema:
            target = schema["$ref"].rsplit("/", 1)[1]
            return self.named(target, target)
        if "const" in schema:
            return f"Literal[{_quoted(schema['const'])}]"
        if "enum" in schema:
            return f"Literal[{', '.join(_quoted(word) for word in schema['enum'])}]"
        for key in ("anyOf", "oneOf"):
            if key in schema:
                parts = [self.type_of(part, name) for part in schema[key]]
                return " | ".join(sorted(set(parts), key=parts.index))
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(SIMPLE[each] for each in kind)
        if kind == "array":
            return f"list[{self.type_of(schema['items'], name)}]"
        if kind == "object" and "properties" in schema:
            return self.object(schema, name)
        if kind == "object":
            return f"dict[str, {self.type_of(schema.get('additionalProperties', {}), name)}]"
        return SIMPLE.get(str(kind), "object")

    def object(self, schema: dict[str, Any], name: str) -> str:
        """Write a class of an object and return its name."""
        self.classes[name] = ""  # its place, before those that only it needs are known
        required = set(schema.get("required", []))
        fields = {
            key: (self.type_of(of, name + key[0].upper() + key[1:]), of.get("description", ""))
            for key, of in schema["properties"].items()
        }
        del self.classes[name]
        about = _sentence(schema.get("description", "")) or f"Part of {re.sub(r'(?<!^)(?=[A-Z])', ' ', name).lower()}."
        optional = [key for key in fields if key not in required]
        base = "TypedDict"
        if optional and required:
            base = f"_{name}"
            self.classes[base] = _class(base, "TypedDict", "What is always there.", fields, sorted(required), True)
        kept = optional if optional else list(fields)
        self.classes[name] = _class(name, base, about, fields, kept, not optional)
        return name


def _class(name: str, base: str, about: str, fields: dict[str, tuple[str, str]], kept: list[str], total: bool) -> str:
    lines = [f"class {name}({base}{'' if total else ', total=False'}):", f'    """{about}"""', ""]
    for key in (key for key in fields if key in kept):
        kind, described = fields[key]
        lines += [f"    #: {described}"] if described else []
        lines.append(f"    {key}: {kind}")
    return "\n".join(lines)


def _quoted(word: object) -> str:
    return json.dumps(word) if isinstance(word, str) else repr(word)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else ""


def source() -> str:
    """Return the text of messages.py."""
    writer = Writer(json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"])
    names = {name: f"{name[0].upper()}{name[1:]}Message" for name in CONVERSATION + DELIVERED}
    for name, class_name in names.items():
        writer.named(name, class_name)
    delivered = [names[name] for name in DELIVERED] + ["PreviewMessage", "GapMessage"]
    union = "#: What `subscribe` brings; `type` tells which it is.\nMessage = " + " | ".join(delivered) + "\n"
    text = HEAD + "\n\n" + "\n\n\n".join(writer.classes.values()) + "\n" + TAIL + union
    return _formatted(text)


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TARGET), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=HERE).stdout


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")

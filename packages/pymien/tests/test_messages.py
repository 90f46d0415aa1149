import importlib.util
from pathlib import Path
from types import ModuleType

TOOL = Path(__file__).resolve().parents[1] / "tools" / "make_messages.py"


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_messages", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_messages_are_those_of_the_schema() -> None:
    """`python tools/make_messages.py` writes them anew."""
    maker = tool()
    assert maker.TARGET.read_text(encoding="utf-8") == maker.source()

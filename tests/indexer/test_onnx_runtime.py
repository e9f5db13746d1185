"""Loading ONNX Runtime leaves nothing behind and asks no address.

In a process of its own, without `CI`: the library keeps quiet where that is set.
"""

import os
import subprocess
import sys
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

PLAIN = "from onnxruntime import InferenceSession"
OURS = "from indexer.onnx_runtime import InferenceSession"


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A graph that returns what it is given."""
    a, b = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [1]) for n in "ab")
    whole = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "same", [a], [b])
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path := tmp_path / "same.onnx")
    return path


def left_behind(load: str, graph: Path, home: Path) -> list[str]:
    """Return the files in the home directory of a process that opened a graph."""
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LD_LIBRARY_PATH")}
    code = f"{load}\nInferenceSession({str(graph)!r}, providers=['CPUExecutionProvider'])"
    environment = {**kept, "HOME": str(home)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)  # noqa: S603
    return sorted(path.name for path in home.rglob("*") if path.is_file())


def test_loading_onnx_runtime_leaves_nothing_in_the_home_directory(
    graph: Path, tmp_path: Path
) -> None:
    assert left_behind(OURS, graph, tmp_path / "home") == []


def test_library_alone_keeps_a_number_for_the_machine(graph: Path, tmp_path: Path) -> None:
    """Shows that the test above can fail; if this one does, the setting is no longer needed."""
    assert "deviceid" in left_behind(PLAIN, graph, tmp_path / "home")

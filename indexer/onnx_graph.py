"""Writes the ONNX graph through which the default encoder is served.

The graph is written node by node with the fused operators of ONNX Runtime, so no exporter and
no optimiser stands between weights and result, and the file is the same on every machine. In
float32 it holds no large tensor: the runtime maps them from `model.safetensors` beside it, so
that the worker processes of one machine share them. In int8 the weights of the layers are kept
per block of 128 with a scale each and the activations are rounded per token: unlike the
dynamic int8 of whole tensors, a text's vector does not depend on what else is in the batch.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.encoder_files import MANIFEST_FILE, sha256_of
from indexer.errors import EncoderFilesError
from indexer.weights_file import WEIGHTS_FILE, Weights
from models.durable import write_whole

if TYPE_CHECKING:
    import onnx

_WRITER_VERSION: Final = "1"
"""Raised when the same weights give another graph."""

_FUSED: Final = "com.microsoft"
_OPSETS: Final = {"": 17, _FUSED: 1}
_IR_VERSION: Final = 8
_INT8_BLOCK: Final = 128
_INT8_ZERO: Final = 128
_ACTIVATIONS_AS_INT8: Final = 4


class Precision(StrEnum):
    """How exactly the layers of the default encoder are computed."""

    FP32 = "fp32"
    INT8 = "int8"


def ensure_graph(folder: Path, precision: Precision) -> Path:
    """Return the ONNX file of an encoder folder, written anew unless it is intact.

    Args:
        folder: An intact folder with the float32 weights of a BERT encoder.
        precision: How the layers are computed.

    Raises:
        EncoderFilesError: the folder does not hold such weights, or cannot be written.
    """
    path = folder / f"encoder.{precision}.onnx"
    record = path.with_suffix(".json")
    expected = {"writer": _WRITER_VERSION, "weights_sha256": _weights_sha256(folder)}
    if not _is_intact(path, record, expected):
        content = _write_graph(Weights.open(folder), precision)
        try:
            write_whole(path, content)
            expected["sha256"] = sha256_of(path)
            write_whole(record, json.dumps(expected, indent=1).encode())
        except OSError as error:
            message = f"无法写入 {path.name}：{error.strerror}。请检查磁盘空间和数据目录的权限。"
            raise EncoderFilesError(message, file=path.name) from error
    return path


def _weights_sha256(folder: Path) -> str:
    """Return the digest of the weights that the folder's manifest states."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return str(manifest["files"][WEIGHTS_FILE])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderFilesError(
            f"编码器目录 {folder.name} 缺少清单或权重文件。请删除该目录后重试，程序会重新生成。",
            folder=folder.name,
        ) from error


def _is_intact(path: Path, record: Path, expected: dict[str, str]) -> bool:
    """Return whether the graph is the one its record describes, made from these weights."""
    try:
        met = json.loads(record.read_text(encoding="utf-8"))
        return bool(met == expected | {"sha256": sha256_of(path)})
    except (OSError, ValueError, EncoderFilesError):
        return False


def _write_graph(weights: Weights, precision: Precision) -> bytes:
    """Return the serialised graph: (input_ids, attention_mask) -> token_embeddings."""
    from onnx import TensorProto, helper

    graph = _Graph(weights, precision)
    state = graph.embeddings()
    for layer in range(weights.config["num_hidden_layers"]):
        state = graph.layer(f"encoder.layer.{layer}.", state)
    graph.node("Identity", [state], "token_embeddings")
    hidden = weights.config["hidden_size"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(
        "token_embeddings", TensorProto.FLOAT, ["texts", "tokens", hidden]
    )
    model = helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.initializers),
        opset_imports=[helper.make_opsetid(domain, n) for domain, n in _OPSETS.items()],
        ir_version=_IR_VERSION,
        producer_name="navmatch",
    )
    return bytes(model.SerializeToString(deterministic=True))


class _Graph:
    """Collects nodes and tensors; every method returns the name of what it computes."""

    def __init__(self, weights: Weights, precision: Precision) -> None:
        self._weights = weights
        self._precision = precision
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def node(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object
    ) -> str:
        from onnx import helper

        values: dict[str, Any] = dict(attributes)
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **values))
        return output

    def embeddings(self) -> str:
        """Add words, positions and the first token type; the mask as the layers want it."""
        from onnx import TensorProto

        weights = self._weights
        positions = weights.read("embeddings.position_embeddings.weight")
        token_type = weights.read("embeddings.token_type_embeddings.weight")[0]
        self._constant("positions", positions + token_type)
        self._constant("zero", np.zeros(1, dtype=np.int64))
        self.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        self.node("Shape", ["input_ids"], "n_tokens", start=1, end=2)
        self.node("Slice", ["positions", "zero", "n_tokens", "zero"], "places")
        table = self._mapped("embeddings.word_embeddings.weight")
        self.node("Gather", [table, "input_ids"], "words")
        self.node("Add", ["words", "places"], "sum")
        norm = self._copied("embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias")
        return self.node("LayerNormalization", ["sum", *norm], "embedded", epsilon=self._eps)

    def layer(self, prefix: str, state: str) -> str:
        """Add one layer: self-attention and feed-forward, each with its residual."""
        attention = f"{prefix}attention.self."
        names = [f"{attention}{part}" for part in ("query", "key", "value")]
        projected = [self._linear(state, name) for name in names]
        bias = np.concatenate([self._weights.read(f"{name}.bias") for name in names])
        self._constant(f"{attention}bias", bias)
        context = self.node(
            "MultiHeadAttention",
            [*projected, f"{attention}bias", "mask"],
            f"{attention}context",
            _FUSED,
            num_heads=self._weights.config["num_attention_heads"],
        )
        state = self._add_and_norm(context, state, f"{prefix}attention.output.")
        dense = f"{prefix}intermediate.dense"
        widened = [self._linear(state, dense), *self._copied(f"{dense}.bias")]
        inner = self.node("BiasGelu", widened, f"{dense}.gelu", _FUSED)
        return self._add_and_norm(inner, state, f"{prefix}output.")

    def _add_and_norm(self, inner: str, residual: str, prefix: str) -> str:
        """Add the closing projection of a block, its residual, and normalise."""
        dense = self._linear(inner, f"{prefix}dense")
        norm = self._copied(
            f"{prefix}LayerNorm.weight", f"{prefix}LayerNorm.bias", f"{prefix}dense.bias"
        )
        return self.node(
            "SkipLayerNormalization",
            [dense, residual, *norm],
            f"{prefix}state",
            _FUSED,
            epsilon=self._eps,
        )

    @property
    def _eps(self) -> float:
        return float(self._weights.config["layer_norm_eps"])

    def _linear(self, state: str, name: str) -> str:
        """Multiply by the weight of a dense layer; its bias belongs to the operator after."""
        output = f"{name}.product"
        if self._precision is Precision.FP32:
            weight = self._mapped(f"{name}.weight")
            return self.node("FusedMatMul", [state, weight], output, _FUSED, transB=1)
        values, scales = _quantised(self._weights.read(f"{name}.weight"))
        self._constant(f"{name}.values", values)
        self._constant(f"{name}.scales", scales)
        n_outputs, n_blocks, block = values.shape
        return self.node(
            "MatMulNBits",
            [state, f"{name}.values", f"{name}.scales"],
            output,
            _FUSED,
            K=n_blocks * block,
            N=n_outputs,
            bits=8,
            block_size=block,
            accuracy_level=_ACTIVATIONS_AS_INT8,
        )

    def _constant(self, name: str, values: NDArray[Any]) -> None:
        """Keep a tensor inside the graph."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))

    def _copied(self, *names: str) -> list[str]:
        """Keep small tensors of the weights file inside the graph."""
        for name in names:
            self._constant(name, self._weights.read(name))
        return list(names)

    def _mapped(self, name: str) -> str:
        """Leave a tensor in the weights file, to be mapped from there."""
        from onnx import TensorProto

        place = self._weights.places[name]
        tensor = TensorProto(
            name=name,
            dims=place.shape,
            data_type=TensorProto.FLOAT,
            data_location=TensorProto.EXTERNAL,
        )
        for key, value in (
            ("location", self._weights.path.name),
            ("offset", place.offset),
            ("length", place.n_bytes),
        ):
            tensor.external_data.add(key=key, value=str(value))
        self.initializers.append(tensor)
        return name


def _quantised(weight: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return a weight as bytes per block, and the scale of each block."""
    blocks = np.asarray(weight).reshape(len(weight), -1, _INT8_BLOCK)
    largest = np.abs(blocks).max(axis=2, keepdims=True)
    scales = np.where(largest > 0, largest / (_INT8_ZERO - 1), 1).astype(np.float32)
    values = (np.rint(blocks / scales) + _INT8_ZERO).astype(np.uint8)
    return values, scales.reshape(-1)

"""The two networks as one ONNX graph: pieces and the line in, logits of each out (not used at run time)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from ocr_worker.digits.network import LINE_CLASSES, LINE_FEATURES, LINE_POOLS, PIECE_CLASSES, PIECE_POOLS
from ocr_worker.digits.segments import LINE_HEIGHT, LINE_WIDTH, PIECE_SIZE

COLUMNS = LINE_WIDTH // 4


class _Graph:
    def __init__(self, parameters: Mapping[str, npt.ArrayLike]) -> None:
        self._parameters = parameters
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def numbers(self, name: str, values: Sequence[int]) -> str:
        self.weights.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def weight(self, name: str, axes: tuple[int, ...] | None = None) -> str:
        """Stored at half precision, half the size in the repository."""
        values = np.asarray(self._parameters[name])
        values = values if axes is None else values.transpose(axes)
        stored = np.ascontiguousarray(values, dtype=np.float16)
        self.weights.append(numpy_helper.from_array(stored, f"{name}.half"))
        return self.add("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def convolve(self, name: str, source: str) -> str:
        rows, columns = np.shape(self._parameters[f"{name}.w"])[:2]
        inputs = [source, self.weight(f"{name}.w", (3, 2, 0, 1)), self.weight(f"{name}.b")]
        return self.add("Conv", inputs, f"{name}.c", pads=[rows // 2, columns // 2] * 2)

    def layers(self, prefix: str, pools: Sequence[tuple[int, int]]) -> str:
        values = self.add("Transpose", [prefix], f"{prefix}.nchw", perm=[0, 3, 1, 2])
        for depth, pool in enumerate(pools):
            values = self.add("Relu", [self.convolve(f"{prefix}{depth}", values)], f"{prefix}{depth}.r")
            values = self.add("MaxPool", [values], f"{prefix}{depth}.p", kernel_shape=pool, strides=pool)
        return values

    def dense(self, name: str, source: str, output: str) -> str:
        return self.add("Gemm", [source, self.weight(f"{name}.w"), self.weight(f"{name}.b")], output)


def to_onnx(parameters: Mapping[str, npt.ArrayLike], target: Path) -> None:
    """Writes both networks to `target`."""
    graph = _Graph(parameters)
    _pieces(graph)
    _line(graph)
    made = helper.make_graph(
        graph.nodes,
        "digits",
        [
            helper.make_tensor_value_info("piece", TensorProto.FLOAT, ["n", PIECE_SIZE, PIECE_SIZE, 2]),
            helper.make_tensor_value_info("line", TensorProto.FLOAT, ["m", LINE_HEIGHT, LINE_WIDTH, 1]),
        ],
        [
            helper.make_tensor_value_info("piece_logits", TensorProto.FLOAT, ["n", PIECE_CLASSES]),
            helper.make_tensor_value_info("line_logits", TensorProto.FLOAT, ["m", COLUMNS, LINE_CLASSES]),
        ],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString())


def _pieces(graph: _Graph) -> None:
    values = graph.add("Transpose", [graph.layers("piece", PIECE_POOLS)], "piece.nhwc", perm=[0, 2, 3, 1])
    values = graph.add("Flatten", [values], "piece.flat")
    values = graph.add("Relu", [graph.dense("piece.hidden", values, "piece.hidden.d")], "piece.hidden.r")
    graph.dense("piece.out", values, "piece_logits")


def _line(graph: _Graph) -> None:
    # rows and channels of a column become its features, in the order of the taught network: row, channel
    values = graph.add("Transpose", [graph.layers("line", LINE_POOLS)], "line.rows", perm=[0, 2, 1, 3])
    values = graph.add("Reshape", [values, graph.numbers("line.shape", (-1, LINE_FEATURES, 1, COLUMNS))], "line.wide")
    values = graph.add("Relu", [graph.convolve("line.hidden", values)], "line.hidden.r")
    values = graph.add("Squeeze", [graph.convolve("line.out", values), graph.numbers("line.axis", (2,))], "line.cw")
    graph.add("Transpose", [values], "line_logits", perm=[0, 2, 1])

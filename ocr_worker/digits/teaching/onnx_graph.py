"""The taught network as an ONNX graph: pictures of slots in, logits of their columns out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ocr_worker.digits.picture import HEIGHT
from ocr_worker.digits.teaching.network import CLASSES, LAYERS, OUT, POOLS, STRIDES, Weights


class _Graph:
    def __init__(self, weights: Weights) -> None:
        self._given = weights
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def numbers(self, name: str, values: list[int]) -> str:
        self.weights.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def weight(self, name: str) -> str:
        """Stored at half precision, half the size in the repository."""
        values = self._given[name].transpose(3, 2, 0, 1) if name.endswith(".w") else self._given[name]
        stored = np.ascontiguousarray(values, dtype=np.float16)
        self.weights.append(numpy_helper.from_array(stored, f"{name}.half"))
        return self.add("Cast", [f"{name}.half"], name, to=TensorProto.FLOAT)

    def convolve(self, name: str, source: str) -> str:
        rows, columns = self._given[f"{name}.w"].shape[:2]
        strides = STRIDES.get(name, (1, 1))
        # as "SAME" pads: with a stride of two, less before than after
        high, wide = (0 if name == "column" else rows - strides[0]), columns - strides[1]
        pads = [high // 2, wide // 2, high - high // 2, wide - wide // 2]
        inputs = [source, self.weight(f"{name}.w"), self.weight(f"{name}.b")]
        return self.add("Conv", inputs, f"{name}.made", pads=pads, strides=strides)

    def layer(self, name: str, source: str) -> str:
        values = self.add("Relu", [self.convolve(name, source)], f"{name}.lit")
        if name.endswith("+"):
            values = self.add("Add", [values, source], f"{name}.sum")
        if name in POOLS:
            values = self.add("MaxPool", [values], f"{name}.pool", kernel_shape=POOLS[name], strides=POOLS[name])
        return values


def to_onnx(weights: Weights, target: Path) -> None:
    """Writes the network to ``target``."""
    graph = _Graph(weights)
    values = graph.add("Transpose", ["slot"], "slot.first", perm=[0, 3, 1, 2])
    for name in LAYERS:
        values = graph.layer(name, values)
    # one row is left; the readings of a column lie one after the other
    values = graph.add("Squeeze", [graph.convolve(OUT, values), graph.numbers("row", [2])], "flat")
    values = graph.add("Transpose", [values], "columns", perm=[0, 2, 1])
    graph.add("Reshape", [values, graph.numbers("shape", [0, -1, CLASSES])], "logits")
    made = helper.make_graph(
        graph.nodes,
        "digits",
        [helper.make_tensor_value_info("slot", TensorProto.FLOAT, ["n", HEIGHT, "width", 3])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", "columns", CLASSES])],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString())


def from_onnx(source: Path) -> Weights:
    """The weights of a network that ``to_onnx`` wrote."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(source).graph.initializer}
    made: Weights = {}
    for name in (*LAYERS, OUT):
        made[f"{name}.w"] = stored[f"{name}.w.half"].transpose(2, 3, 1, 0).astype(np.float32)
        made[f"{name}.b"] = stored[f"{name}.b.half"].astype(np.float32)
    return made

"""Gradient norms of layers and parameters, from one backward pass of a scalar."""

from __future__ import annotations

import ast
import math
from typing import Any, Callable

import torch

from layer_peek import recipe
from layer_peek.layers import Layers
from layer_peek.protocol import Call, GradientNorm, Gradients
from layer_peek.recipe import Namespace
from layer_peek.tensors import tensors_in

_OUTPUT = "_layer_peek_output"
_MADE = "mean of the squares of the output"

Loss = Callable[[object], object]


def split_loss(expression: str) -> tuple[str, str | None]:
    """Splits `F.mse_loss(Net()(x), y)` into the call of the model and what is made of it; None where nothing is.

    The part that is split off names the model's output by a name of ours.
    """
    body = recipe.parse(expression)
    # The outermost one: `ast.walk` goes level by level.
    call = next((node for node in ast.walk(body) if _calls_what_was_built(node)), None)
    if call is None or call is body:
        return expression, None
    rest = _Replace(call).visit(body)
    return ast.unparse(call), ast.unparse(rest)


def loss_of(rest: str, namespace: Namespace) -> Loss:
    """Makes a function of the output of what `split_loss` split off."""

    def loss(output: object) -> object:
        names = Namespace.__new__(Namespace)
        names.update(namespace)
        names[_OUTPUT] = output
        return recipe.evaluate(ast.parse(rest, recipe.FILE, "eval").body, names, rest)

    return loss


def _calls_what_was_built(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Call)


class _Replace(ast.NodeTransformer):
    def __init__(self, call: ast.AST) -> None:
        self._call = call

    def visit(self, node: ast.AST) -> Any:
        if node is self._call:
            return ast.Name(_OUTPUT, ast.Load())
        return self.generic_visit(node)


class GradientRecorder:
    """Hangs hooks on what layers return, and goes backward once.

    Hooks of tensors stay with the value as it was returned, also where it is changed in place later; those of modules
    would make the change fail.
    """

    def __init__(self) -> None:
        self._squares: dict[tuple[str, int], float] = {}
        self.note: str | None = None
        self._scalar = ""
        self._loss: float | None = None

    def returned(self, call: Call, output: object) -> None:
        """Watches the tensors that a layer returned."""
        key = (call["path"], call["index"])
        for tensor in tensors_in(output):
            if tensor.requires_grad:

                def note(gradient: torch.Tensor) -> None:
                    with torch._C.DisableTorchFunction(), torch.no_grad():
                        self._squares[key] = self._squares.get(key, 0.0) + _square(gradient)

                tensor.register_hook(note)  # type: ignore[no-untyped-call]

    def backward(self, output: object, loss: Loss | None) -> None:
        """Goes backward from the loss, or from a scalar that is made of the output; raises what that raises."""
        made = output if loss is None else loss(output)
        tensors = [tensor for tensor in tensors_in(made) if tensor.requires_grad and tensor.dtype.is_floating_point]
        if not tensors:
            if not self._squares:
                self.note = "There are no gradients: nothing in the output hangs on a tensor that requires them."
            else:
                self._scalar = "what the recipe went backward from"
            return
        is_scalar = len(tensors) == 1 and tensors[0].numel() == 1
        scalar = tensors[0].sum() if is_scalar else torch.stack([one.float().square().mean() for one in tensors]).sum()
        self._scalar = (
            "the recipe's own loss" if is_scalar and loss is not None else "the output" if is_scalar else _MADE
        )
        self._loss = _finite(float(scalar.detach()))
        scalar.backward()  # type: ignore[no-untyped-call]

    def result(self, layers: Layers) -> Gradients | None:
        """Tells all norms; None where nothing went backward."""
        if not self._scalar:
            return None
        parameters: list[GradientNorm] = []
        for layer in layers:
            for name, parameter in layer.module.named_parameters(recurse=False):
                square = None if parameter.grad is None else _square(parameter.grad)
                parameters.append({"path": layer.path, "name": name, **_norm(square)})
        outputs: list[GradientNorm] = [
            {"path": path, "index": index, **_norm(square)} for (path, index), square in self._squares.items()
        ]
        return {"scalar": self._scalar, "loss": self._loss, "outputs": outputs, "parameters": parameters}


def _square(gradient: torch.Tensor) -> float:
    dense = gradient.detach()
    if dense.layout is not torch.strided:
        dense = dense.to_dense()
    return float(torch.linalg.vector_norm(dense, dtype=None if dense.element_size() > 2 else torch.float32)) ** 2


def _norm(square: float | None) -> GradientNorm:
    if square is None:
        return {"norm": None, "finite": True}
    finite = math.isfinite(square)
    return {"norm": math.sqrt(square) if finite else None, "finite": finite}


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None

"""Splits and evaluates a recipe such as `Model(args)(inputs)`."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, ModuleType
from typing import Any, Callable

import torch
from torch import nn

from layer_peek import errors
from layer_peek.errors import CaptureFailure

FILE = "<recipe>"
_EXAMPLE = "Write it as `# peek: Model(arguments)(inputs)`, e.g. `# peek: Net()(torch.randn(1, 3, 224, 224))`."


class Namespace(dict[str, Any]):
    """The file's names, then `torch` and `nn`."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__({"torch": torch, "nn": nn})
        self.update(vars(module))


@dataclass
class Prepared:
    """A model that is built and arguments that are ready; `run` makes the call."""

    root: nn.Module
    run: Callable[[], object]
    # What `run` gives the model; may be changed before.
    args: list[Any]
    kwargs: dict[str, Any]
    # The method that is called in place of the model itself, e.g. `generate`.
    method: str | None = None


class NeedsInputs(Exception):
    """The expression builds a model but does not call it."""


def parse(expression: str) -> ast.expr:
    """Reads a recipe; raises CaptureFailure of kind `recipe` where it is no Python expression."""
    text = expression.strip()
    # Tracebacks show the line of the recipe.
    linecache.cache[FILE] = (len(text), None, text.splitlines(keepends=True), FILE)
    try:
        return ast.parse(text, FILE, "eval").body
    except (SyntaxError, ValueError) as fault:
        raise errors.failure(
            "recipe", f"The recipe `{text}` is no Python expression: {errors.message_of(fault)}", _EXAMPLE
        ) from None


def prepare(expression: str, namespace: Namespace, seed: Callable[[], None]) -> Prepared:
    """Builds the model and evaluates the arguments, each after `seed`.

    Raises NeedsInputs where the expression only builds a model, CaptureFailure of kind `recipe` where it can't be
    evaluated, of kind `construct` where the model's own code raised.
    """
    body = _model_call(parse(expression))
    if not isinstance(body, ast.Call):
        raise _no_model(expression)
    seed()
    called = evaluate(body.func, namespace, expression)
    if isinstance(called, type) and issubclass(called, nn.Module):
        raise NeedsInputs
    seed()
    args, kwargs = _arguments(body, namespace, expression)
    root, method = _root(called, args, kwargs)
    if root is None:
        if _builds_model(called):
            raise NeedsInputs
        raise _no_model(expression)

    def run() -> object:
        seed()
        return called(*args, **kwargs)

    return Prepared(root, run, args, kwargs, method)


def _model_call(body: ast.expr) -> ast.expr:
    """Finds the call of the model in `Model()(x)["logits"].sum()`: what is done with the result does not matter."""
    outermost: ast.Call | None = None
    node = body
    while isinstance(node, (ast.Call, ast.Subscript, ast.Attribute)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Call):
                return node
            outermost = outermost or node
            node = node.func
        else:
            node = node.value
    return outermost or body


def _root(called: object, args: list[Any], kwargs: dict[str, Any]) -> tuple[nn.Module | None, str | None]:
    if isinstance(called, nn.Module):
        return called, None
    owner = getattr(called, "__self__", None)
    if isinstance(owner, nn.Module):
        return owner, str(getattr(called, "__name__", ""))
    for value in _flat([*args, *kwargs.values()]):
        if isinstance(value, nn.Module):
            return value, str(getattr(called, "__name__", type(called).__name__))
    return None, None


def _flat(values: list[Any]) -> Iterator[object]:
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from value
        else:
            yield value


def _builds_model(called: object) -> bool:
    """A function that is annotated to return a module: `def resnet18() -> ResNet`."""
    annotation = getattr(called, "__annotations__", {}).get("return")
    if isinstance(annotation, str):
        annotation = getattr(called, "__globals__", {}).get(annotation)
    return isinstance(annotation, type) and issubclass(annotation, nn.Module)


def _arguments(call: ast.Call, namespace: Namespace, text: str) -> tuple[list[Any], dict[str, Any]]:
    args: list[Any] = []
    for node in call.args:
        if isinstance(node, ast.Starred):
            args.extend(evaluate(node.value, namespace, text))
        else:
            args.append(evaluate(node, namespace, text))
    kwargs: dict[str, Any] = {}
    for keyword in call.keywords:
        value = evaluate(keyword.value, namespace, text)
        if keyword.arg is None:
            kwargs.update(value)
        else:
            kwargs[keyword.arg] = value
    return args, kwargs


def evaluate(node: ast.expr, namespace: Namespace, text: str) -> Any:
    """Evaluates a part of the recipe `text`; raises CaptureFailure of kind `recipe` or `construct`."""
    code: CodeType = compile(ast.Expression(node), FILE, "eval")
    try:
        # Running the user's expression is what a recipe is for; the server asks only in a trusted workspace.
        return eval(code, namespace)  # noqa: S307 - the user's expression is what a recipe is
    except BaseException as fault:
        raise _failure(fault, text) from fault


def _failure(fault: BaseException, text: str) -> CaptureFailure:
    entry = sys.exc_info()[2]
    last = None
    while entry is not None:
        last = entry.tb_frame.f_code.co_filename
        entry = entry.tb_next
    message = errors.message_of(fault)
    if last == FILE:
        return errors.failure(
            "recipe", f"The recipe `{text}` can't be evaluated: {message}", f"Correct it. {_EXAMPLE}", fault
        )
    return errors.failure(
        "construct",
        message,
        f"The recipe `{text}` failed while it built the model or its inputs: correct the code, or the arguments in a "
        "`# peek:` directive by the class.",
        fault,
    )


def _no_model(text: str) -> CaptureFailure:
    return errors.failure("recipe", f"The recipe `{text}` does not call a model.", f"{_EXAMPLE}")

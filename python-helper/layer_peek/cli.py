"""`python -m layer_peek capture FILE[:Class]`: one capture without an editor."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import sys
import tokenize
from typing import TypedDict

from layer_peek import channel
from layer_peek.protocol import CapturePart, CaptureRequest, Value

_DIRECTIVE = re.compile(r"#\s*peek:\s*(?P<expression>.+?)\s*$")
_TARGET = re.compile(r"(?P<file>.+?)(?::(?P<name>[A-Za-z_][A-Za-z0-9_.]*))?$")


class Options(TypedDict):
    """How the model runs."""

    training: bool
    gradients: bool
    stopEarly: bool


def capture(target: str, expression: str | None, mode: str, paths: list[str], as_json: bool, options: Options) -> None:
    """Runs a capture and prints it; the exit code is 0 where forward ran to its end."""
    match = _TARGET.match(target)
    file = os.path.abspath(match.group("file") if match else target)
    if not os.path.isfile(file):
        print(f"{file}: no such file.", file=sys.stderr)
        sys.exit(2)
    _, sending = channel.take_stdio()
    try:
        from layer_peek.capture import Capture
    except ImportError as fault:
        print(f"{sys.executable} can't import PyTorch ({fault}). Install it: pip install torch", file=sys.stderr)
        sys.exit(2)
    name = match.group("name") if match else None
    with open(file, encoding="utf-8", errors="replace") as source:
        text = source.read()
    class_name, directive = find_recipe(text, name)
    request: CaptureRequest = {
        "training": options["training"],
        "gradients": options["gradients"],
        "stopEarly": options["stopEarly"],
        "file": file,
        "workspaceRoot": None,
        "className": class_name,
        "recipe": {
            "expression": expression or directive,
            "construct": [f"{class_name}()", *factories(text, class_name)] if class_name else [],
            "source": "argument" if expression else "directive" if directive else "defaults",
        },
        "mode": mode,
        "select": {"paths": paths, "lines": []} if paths else None,
        "overlays": [],
    }
    parts: CapturePart = {"classes": [], "modules": [], "calls": [], "operations": []}

    def add(part: CapturePart) -> None:
        if part.get("restarted"):
            parts.update({"classes": [], "modules": [], "calls": [], "operations": []})
        parts["classes"] += part.get("classes", [])
        parts["modules"] += part.get("modules", [])
        parts["calls"] += part.get("calls", [])
        parts["operations"] += part.get("operations", [])

    end = Capture(request, add, lambda _, message: print(message, file=sys.stderr)).run()
    document = {"version": 1, "file": file, "className": class_name, **end, **parts}
    with open(sending, "w", encoding="utf-8", closefd=False) as output:
        output.write(json.dumps(document, indent=1) + "\n" if as_json else as_text(document, parts))
    sys.exit(0 if end["status"] == "ok" else 1)


def find_recipe(text: str, name: str | None) -> tuple[str | None, str | None]:
    """Finds the class and the directive by it.

    Without a name the class is the one that the first directive stands by, else the last one of the file that no other
    class names. A directive stands by a class on the comment lines before it, or anywhere inside it.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return name, None
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    directives = _directives(text)
    beside: dict[str, str] = {}
    for line, expression in sorted(directives.items()):
        owner = next((one for one in classes.values() if one.lineno <= line <= (one.end_lineno or one.lineno)), None)
        following = [one for one in classes.values() if one.lineno > line]
        owner = owner or min(following, key=lambda one: one.lineno, default=None)
        if owner is not None:
            beside.setdefault(owner.name, expression)
    if name is not None:
        return name, beside.get(name)
    if beside:
        return next(iter(beside.items()))
    used = {
        inner.id
        for owner in classes.values()
        for inner in ast.walk(owner)
        if isinstance(inner, ast.Name) and inner.id != owner.name
    }
    modules = [one.name for one in classes.values() if any("Module" in ast.dump(base) for base in one.bases)]
    roots = [one for one in modules if one not in used] or modules
    return (roots[-1] if roots else None), None


def factories(text: str, class_name: str) -> list[str]:
    """Lists calls of the file's functions that need no arguments and return the class."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and len(node.args.args) == len(node.args.defaults):
            returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
            calls = [one.func for one in returned if isinstance(one, ast.Call)]
            if any(isinstance(one, ast.Name) and one.id == class_name for one in [node.returns, *calls]):
                found.append(f"{node.name}()")
    return found


def _directives(text: str) -> dict[int, str]:
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            match = _DIRECTIVE.match(token.string) if token.type == tokenize.COMMENT else None
            if match is not None:
                found[token.start[0]] = match.group("expression")
    except (tokenize.TokenError, SyntaxError):
        # What was read before the fault counts.
        pass
    return found


def as_text(document: dict[str, object], parts: CapturePart) -> str:
    """Prints one line per call, in the order in which they began, and the error."""
    lines = [f"# {document['recipe']}"]
    for call in sorted(parts["calls"], key=lambda one: one["order"]):
        output = "raised" if call["output"] is None else shape_text(call["output"])
        lines.append(f"{call['path'] or '(root)'} -> {output}")
    error = document["error"]
    if isinstance(error, dict):
        lines += [f"{error['kind']}: {error['message']}", str(error["advice"])]
    return "\n".join(lines) + "\n"


def shape_text(value: Value) -> str:
    """Prints the shapes of a value."""
    if value["kind"] == "tensor":
        return str(value["shape"])  # type: ignore[typeddict-item]
    if value["kind"] == "plain":
        return str(value["text"])  # type: ignore[typeddict-item]
    return "{" + ", ".join(f"{item['key']}: {shape_text(item['value'])}" for item in value["items"]) + "}"  # type: ignore[typeddict-item]

"""Imports the user's file under its own module name, so that its main block does not run."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Callable

from layer_peek import errors
from layer_peek.overlays import OverlayLoader


@dataclass(frozen=True)
class ModuleName:
    """A file's dotted module name, and the folder on sys.path that it is relative to."""

    root: str
    name: str


def module_name(file: str, text: str) -> ModuleName:
    """Tells the name a file is imported by.

    Packages are followed up as far as `__init__.py` reaches, and as far as the file's own relative imports reach where
    there is none.
    """
    folder, base = os.path.split(os.path.abspath(file))
    stem = os.path.splitext(base)[0]
    names: list[str] = [] if stem == "__init__" else [stem]
    needed = _relative_level(text) - (1 if stem == "__init__" else 0)
    climbed = 0
    if stem == "__init__":
        names.append(os.path.basename(folder))
        folder = os.path.dirname(folder)
    while os.path.isfile(os.path.join(folder, "__init__.py")) or climbed < needed:
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        names.append(os.path.basename(folder))
        folder = parent
        climbed += 1
    name = ".".join(part.replace(".", "_") for part in reversed(names))
    return ModuleName(folder, name)


def _relative_level(text: str) -> int:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return 0
    return max((node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)), default=0)


def prepare_path(root: str, workspace_root: str | None, helper_folder: str) -> None:
    """Sets sys.path as running the file as a script would, then adds the workspace and its `src`."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != helper_folder]
    sys.path.insert(0, root)
    if workspace_root is not None:
        source = os.path.join(workspace_root, "src")
        position = 1
        for folder in (workspace_root, source):
            if folder not in sys.path and os.path.isdir(folder):
                sys.path.insert(position, folder)
                position += 1


def load(file: str, name: ModuleName) -> ModuleType:
    """Imports the file; raises CaptureFailure of kind `import` with the place where the code failed."""
    sys.dont_write_bytecode = True
    sys.argv = [file]
    try:
        return _load(file, name)
    except BaseException as fault:
        raise errors.failure("import", errors.message_of(fault), _advice(fault), fault) from fault


def _load(file: str, module: ModuleName) -> ModuleType:
    parent, _, _ = module.name.rpartition(".")
    if parent:
        _import_packages(module.root, parent)
    is_package = os.path.basename(file) == "__init__.py"
    name = module.name if _is_free(module.name, file) else module.name + "_"
    if name in sys.modules:
        # The package's own __init__ has imported it already.
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        name,
        file,
        loader=OverlayLoader(name, file),
        submodule_search_locations=[os.path.dirname(file)] if is_package else None,
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} can't be imported", path=file)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    if "IPython" not in sys.modules:
        # Notebooks exported to a file keep their magic commands as calls of this function; they do nothing here.
        loaded.__dict__["get_ipython"] = _NoNotebook
    spec.loader.exec_module(loaded)
    return loaded


class _NoNotebook:
    """Stands for the notebook's shell: takes any call."""

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_args, **_kwargs: None


def _is_free(name: str, file: str) -> bool:
    """A file named like a module that is loaded already, `random.py` or `torch.py`, must not take its place."""
    present = sys.modules.get(name)
    if present is None:
        return name != "__main__"
    found = getattr(present, "__file__", None)
    return found is not None and os.path.exists(found) and os.path.samefile(found, file)


def _import_packages(root: str, dotted: str) -> None:
    folder, name = root, ""
    for part in dotted.split("."):
        folder = os.path.join(folder, part)
        name = f"{name}.{part}" if name else part
        if os.path.isfile(os.path.join(folder, "__init__.py")):
            importlib.import_module(name)
        elif name not in sys.modules:
            # A folder without __init__.py: another package of this name on sys.path must not take its place.
            package = ModuleType(name)
            package.__path__ = [folder]
            sys.modules[name] = package


def _advice(fault: BaseException) -> str:
    if isinstance(fault, SyntaxError):
        return "Correct the syntax; Python can't read the file."
    if isinstance(fault, ModuleNotFoundError) and fault.name:
        package = fault.name.partition(".")[0]
        return (
            f'Install "{package}" for the interpreter {sys.executable} (pip install {package}), choose another '
            "interpreter, or open the folder that holds it as the workspace."
        )
    if isinstance(fault, SystemExit):
        return 'Importing the file ends the program: put what is not a definition under `if __name__ == "__main__":`.'
    return (
        "The file is imported before the model is built: correct the line, or put it under "
        '`if __name__ == "__main__":` where the model does not need it.'
    )

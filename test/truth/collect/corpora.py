"""The packages that are built, and which of their models."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable

_MOST_CLASSES = 1200
_CALLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "calls")


@dataclass(frozen=True)
class Corpus:
    """One package. Its models are Python expressions, evaluated with the imports at hand."""

    package: str
    models: Callable[[Any], Iterator[str]]
    # Whether each module class is built for itself as well.
    classes: bool = True
    imports: tuple[str, ...] = ()


def _no_models(_: Any) -> Iterator[str]:
    return iter(())


def _timm(timm: Any) -> Iterator[str]:
    for name in timm.list_models():
        yield f"timm.create_model({name!r}, pretrained=False)"


def _torchvision(torchvision: Any) -> Iterator[str]:
    import inspect

    for name in torchvision.models.list_models():
        builder = torchvision.models.get_model_builder(name)
        backbone = ", weights_backbone=None" if "weights_backbone" in inspect.signature(builder).parameters else ""
        yield f"torchvision.models.get_model({name!r}, weights=None{backbone})"
        if "aux_logits" in inspect.signature(builder).parameters or "aux_loss" in inspect.signature(builder).parameters:
            switch = "aux_logits" if "aux_logits" in inspect.signature(builder).parameters else "aux_loss"
            for value in (True, False):
                yield f"torchvision.models.get_model({name!r}, weights=None{backbone}, {switch}={value})"


def _open_clip(open_clip: Any) -> Iterator[str]:
    for name in open_clip.list_models():
        yield f"open_clip.create_model({name!r}, pretrained=None, pretrained_hf=False)"


def _segmentation(smp: Any) -> Iterator[str]:
    encoders = smp.encoders.get_encoder_names()
    for architecture in smp.MODEL_ARCHITECTURES_MAPPING:
        for encoder in ("resnet18", "mobilenet_v2", "mit_b0", "tu-resnet18"):
            yield f"segmentation_models_pytorch.create_model({architecture!r}, {encoder!r}, encoder_weights=None)"
        aux = "{'classes': 4, 'dropout': 0.5}"
        yield (
            f"segmentation_models_pytorch.create_model({architecture!r}, 'resnet18', encoder_weights=None, "
            f"aux_params={aux})"
        )
    for encoder in encoders:
        yield f"segmentation_models_pytorch.encoders.get_encoder({encoder!r}, weights=None)"


_ALL = (
    Corpus("torchvision", _torchvision, classes=False),
    Corpus("timm", _timm, classes=False),
    Corpus("open_clip", _open_clip),
    Corpus("vit_pytorch", _no_models),
    Corpus("x_transformers", _no_models),
    Corpus("segmentation_models_pytorch", _segmentation),
    Corpus("kornia", _no_models),
    Corpus("speechbrain", _no_models),
    Corpus("transformers", _no_models),
    Corpus("diffusers", _no_models),
    Corpus("monai", _no_models),
    Corpus("torch_geometric", _no_models, imports=("torch_geometric.nn",)),
    Corpus("pytorch_forecasting", _no_models),
    Corpus("nflows", _no_models),
    Corpus("gpytorch", _no_models),
    Corpus("ultralytics", _no_models),
    Corpus("efficientnet_pytorch", _no_models),
)
CORPORA = {one.package: one for one in _ALL}


def expressions(corpus: Corpus, package: Any, problems: list[str]) -> list[str]:
    """Gives all models of a corpus: the package's own list, the documented calls, then its classes."""
    found = [*corpus.models(package), *_documented(corpus.package)]
    if corpus.classes:
        # Imports torch, which the process that only watches others does not need.
        from collect.classes import module_classes

        every = [f"guess({module!r}, {name!r})" for module, name in module_classes(corpus.package, problems)]
        # Of the largest packages, classes from all over them.
        found += every[:: 1 + len(every) // _MOST_CLASSES]
    return list(dict.fromkeys(found))


def _documented(package: str) -> Iterator[str]:
    file = os.path.join(_CALLS, f"{package}.txt")
    if not os.path.exists(file):
        return
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            text = line.strip()
            if text and not text.startswith("#"):
                yield text

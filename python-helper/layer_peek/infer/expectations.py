"""What PyTorch's own layers take: the facts that guide the search, read from the layers' attributes."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import nn

from layer_peek.infer.specs import BATCH, FRAMES, LENGTH, SIZE, Dim, TensorSpec

IMAGE = (224, 256, 64, 32, 28, 84, 128, 96, 299, 100, 227, 512, 384, 48, 16, 8, 4, 2, 1)
GRAY_IMAGE = (28, 32, 64, 224, 84, 100, 128, 256, 96, 48, 16, 8, 4, 2, 1)
FEATURE_MAP = (32, 64, 56, 28, 16, 14, 8, 7, 128, 4, 2, 1)
LATENT = (1, 4, 7, 8, 16, 32, 2)
SIGNAL = (128, 64, 256, 100, 32, 512, 1024, 1000, 16000, 16, 8, 4, 2, 1)
SEQUENCE = (16, 32, 64, 128, 10, 20, 50, 100, 256, 512, 8, 4, 2, 1)
VIDEO = (112, 224, 64, 128, 32, 16, 8, 4, 2, 1)
VOLUME = (32, 16, 64, 112, 128, 8, 4, 2, 1)
CLIP = (16, 8, 32, 4, 64, 2, 1)
_IMAGE_CHANNELS = 4


@dataclass(frozen=True)
class Expectation:
    """What a layer wants of its first tensor: ranks, sizes at dimensions, the kind of its elements."""

    template: TensorSpec
    sizes: tuple[int, ...]
    ranks: tuple[int, ...] = ()
    dims: dict[int, int] = field(default_factory=dict)
    integer: bool = False


def expectation(module: nn.Module) -> Expectation | None:
    """Tells what a layer of PyTorch wants; None for a layer that takes anything."""
    for kinds, make in _MAKERS:
        if isinstance(module, kinds):
            return make(module)
    return None


def _convolution(module: nn.Module) -> Expectation:
    channels = int(module.in_channels)  # type: ignore[arg-type]
    spatial = len(module.kernel_size)  # type: ignore[arg-type]
    sizes: tuple[int, ...]
    if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)):
        sizes = LATENT
    elif spatial == 1:
        sizes = SIGNAL
    elif spatial == 3:
        sizes = VIDEO if channels == 3 else VOLUME
    elif channels > _IMAGE_CHANNELS:
        sizes = FEATURE_MAP
    else:
        sizes = GRAY_IMAGE if channels == 1 else IMAGE
    # Clips are of three colours; volumes are cubes.
    dims: list[Dim] = [FRAMES, SIZE, SIZE] if sizes is VIDEO else [LENGTH] if spatial == 1 else [SIZE] * spatial
    return Expectation(
        TensorSpec((BATCH, channels or 3, *dims)),
        sizes,
        (spatial + 2,),
        # A lazy layer has no channels yet and takes any.
        {1: channels} if channels else {},
    )


def _linear(module: nn.Module) -> Expectation:
    features = int(module.in_features)  # type: ignore[arg-type]
    return Expectation(TensorSpec((BATCH, features or 16)), IMAGE, (), {-1: features} if features else {})


def _embedding(module: nn.Module) -> Expectation:
    high = int(module.num_embeddings)  # type: ignore[arg-type]
    return Expectation(TensorSpec((BATCH, LENGTH), "int", high), IMAGE, integer=True)


def _recurrent(module: nn.Module) -> Expectation:
    features = int(module.input_size)  # type: ignore[arg-type]
    lead = (BATCH, LENGTH) if module.batch_first else (LENGTH, BATCH)
    return Expectation(TensorSpec((*lead, features)), IMAGE, (3,), {-1: features})


def _cell(module: nn.Module) -> Expectation:
    features = int(module.input_size)  # type: ignore[arg-type]
    return Expectation(TensorSpec((BATCH, features)), IMAGE, (2,), {-1: features})


def _attention(module: nn.Module) -> Expectation:
    features = int(module.embed_dim)  # type: ignore[arg-type]
    lead = (BATCH, LENGTH) if module.batch_first else (LENGTH, BATCH)
    return Expectation(TensorSpec((*lead, features)), IMAGE, (3,), {-1: features})


def _transformer(module: nn.Module) -> Expectation:
    return _attention(next(child for child in module.modules() if isinstance(child, nn.MultiheadAttention)))


def _batch_norm(module: nn.Module) -> Expectation:
    features = int(module.num_features)  # type: ignore[arg-type]
    name = type(module).__name__
    spatial = 3 if "3d" in name else 2 if "2d" in name else 0
    ranks = (spatial + 2,) if spatial else (2, 3)
    return Expectation(TensorSpec((BATCH, features, *([SIZE] * spatial))), FEATURE_MAP, ranks, {1: features})


def _group_norm(module: nn.Module) -> Expectation:
    channels = int(module.num_channels)  # type: ignore[arg-type]
    return Expectation(TensorSpec((BATCH, channels, SIZE, SIZE)), FEATURE_MAP, (), {1: channels})


def _layer_norm(module: nn.Module) -> Expectation:
    shape = tuple(module.normalized_shape)  # type: ignore[arg-type]
    lead = (BATCH, LENGTH) if len(shape) == 1 else (BATCH,)
    dims = {index - len(shape): size for index, size in enumerate(shape)}
    return Expectation(TensorSpec((*lead, *shape)), IMAGE, (), dims)


_MAKERS = (
    ((nn.modules.conv._ConvNd,), _convolution),
    ((nn.Linear,), _linear),
    ((nn.Embedding, nn.EmbeddingBag), _embedding),
    ((nn.RNNBase,), _recurrent),
    ((nn.RNNCellBase,), _cell),
    ((nn.MultiheadAttention,), _attention),
    ((nn.Transformer, nn.TransformerEncoder, nn.TransformerDecoder), _transformer),
    ((nn.modules.batchnorm._NormBase,), _batch_norm),
    ((nn.GroupNorm,), _group_norm),
    ((nn.LayerNorm,), _layer_norm),
)


def spatial_pool(module: nn.Module) -> bool:
    """Tells whether a layer only fails where its input is too small."""
    names = [kind.__name__ for kind in type(module).__mro__]
    return any("Pool" in name or "ReflectionPad" in name for name in names)

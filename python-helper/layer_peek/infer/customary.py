"""Customary values for constructor parameters, by the words in their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r".*drop(out)?(_?(rate|prob|p))?|p|p_.*|.*_p", ("0.1",)),
    (r"(spatial|n|num)?_?dims|ndims?|dimensions?", ("2", "3", "64")),
    (r".*(shape|image_dims?)", ("(3, 64, 64)", "(1, 28, 28)", "(64, 64)", "64")),
    (
        r"(field|embedding|emb|cat|cardinality)_?(dims|szs|sizes|cardinalities)|cardinalities",
        ("[10, 20, 30]", "[(10, 8), (20, 8)]"),
    ),
    (r"(image|img)_?(size|resolution|res)|resolution", ("224", "(224, 224)", "64", "32", "(64, 64)")),
    (r"(input|in)_?size", ("64", "(3, 64, 64)", "224")),
    (r"(img_?|image_?)?(height|width|h|w)", ("64", "224")),
    (
        r".*(vocab|token|words?|embeddings|_user|_item|symbols|alphabet).*|ninputs?_ids|(user|item|embed)s?_num",
        ("1000",),
    ),
    (
        r"(in|input|inp|img|image|n|num)?_?(channels?|chans?|ch|nc|planes)(_in)?",
        ("3", "64", "[64, 64]", "[64, 64, 64, 64]"),
    ),
    (r".*_?(class(es)?|labels?|categories|actions?|targets?)(_num|_dim|_size)?|n_?outputs?|num_outputs", ("10",)),
    (r"(out|output)_?(channels?|ch|size|dim|features|sz)?|c_out", ("10", "64")),
    (r".*kernels?_?(sizes?)?|ks|ksize", ("3", "(3, 3)", "[3, 3]", "[3, 4, 5]")),
    (r".*heads?", ("4", "[4, 4, 4, 4]")),
    (r".*(depths?|layers?|blocks?|stages?|repeats?|steps|routing)(_num)?", ("2", "[2, 2, 2, 2]", "[64, 64]")),
    (r".*patch_?size.*|patch", ("16", "8", "4", "(16, 16)")),
    (r".*stride.*", ("1", "[2, 2]", "2")),
    (r".*dilations?|groups?", ("1",)),
    (r".*padding|pad", ("1", "0")),
    (r"(num_|n_)?(experts?)", ("4",)),
    (r"(num_|n_)?(tasks?|gpus?|samples?)|ngpu|top_?k|k", ("2", "1")),
    (
        r".*max_?(seq_?)?len(gth)?s?|.*(context|block|seq|sequence|window|history|pred|horizon|memory).*(len|length|size)?",
        ("32", "64"),
    ),
    (r".*(ratio|mult|factor|expansion)s?", ("2", "2.0", "0.5")),
    (r".*(eps|epsilon)", ("1e-5",)),
    (
        r".*(alpha|beta|gamma|lambda|temperature|momentum|rate|sigma|std|lr|tau|margin|threshold|scale|cost)",
        ("0.5", "1.0"),
    ),
    (r"device", ('"cpu"',)),
    (r"dtype", ("torch.float32",)),
    (r"bias|.*_bias|use_.*|with_.*|is_.*|causal|bidirectional|static|bilinear|pretrained", ("False", "True")),
    (r"norm(_layer|_type)?", ("nn.BatchNorm2d", "nn.LayerNorm", '"batch"')),
    (r"(non_?linearity|act|activation)(_fn|_layer|_func)?", ("nn.ReLU()", "nn.ReLU", '"relu"', "torch.relu")),
    (
        r".*(backbone|encoder|decoder|model|module|network|net|body|trunk|head|base)",
        ("nn.Linear(64, 64)", "nn.Identity()"),
    ),
)
_PATTERNS = tuple((re.compile(pattern), values) for pattern, values in _TABLE)
_OTHERS = ("64", "4", "[64, 64]", "(64, 64)", '"relu"', "None")
_SEQUENCES = ("[64, 64]", "(3, 64, 64)", "[2, 2, 2, 2]", "[(10, 8), (20, 8)]")


def customary(name: str, iterated: bool = False) -> Iterator[str]:
    """Lists expressions for a parameter, the likeliest first; `iterated` asks for sequences before single values."""
    known = next((values for pattern, values in _PATTERNS if pattern.fullmatch(name.lower())), ())
    values = tuple(dict.fromkeys((*known, *_OTHERS)))
    sequences = tuple(one for one in values if one[0] in "[(")
    if iterated:
        yield from dict.fromkeys((*(one for one in known if one[0] in "[("), *_SEQUENCES, *sequences))
    else:
        yield from values

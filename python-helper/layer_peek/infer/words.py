"""What a parameter's name says about what is meant to go in. These are words of the trade, not names of models."""

from __future__ import annotations

import re

_TOKENS = (
    r"(.*_)?(ids|idx|indices|tokens|src|trg|tgt|texts?|words|sentences?|seqs?|sequences?|chars|tok|captions?|questions?"
    r"|premise|hypothesis|docs?|documents?|prompt|source|users|items)(_(seqs?|tokens|ids|input|in))?"
    r"|inputs?_(ids|tokens|seqs?)"
)
_ROLES: tuple[tuple[str, str], ...] = (
    ("edgeFeatures", r"edge_?(attrs?|attributes?|feats?|features?|weights?|types?)|e_feats?"),
    ("edges", r"edges?(_?(index|indices|list))?|edge_idx"),
    ("adjacency", r"adj(acency)?(_?(mat|matrix|t))?|laplacian"),
    ("mask", r"(.*_)?masks?(_.*)?|(.*_)?padding"),
    ("flag", r"(.*_)?(done|dones|terminals?|terminated|truncated|reset|resets|is_first|flags?)"),
    ("lengths", r"(.*_)?(len|lens|length|lengths)"),
    ("offsets", r"offsets?"),
    ("noiseLevel", r"sigmas?|noise_(level|cond|labels?)s?|c_noise"),
    ("time", r"(.*_)?(t|ts|time|times|time_?steps?|steps?)"),
    ("label", r"y|(.*_)?(labels?|targets?|classes|class|cls|class_ids?|class_labels?)"),
    ("state", r"h|hx|cx|h0|c0|(.*_)?(hidden|hiddens|hidden_states?|state|states|cache|past|carry)"),
    ("scalar", r"(.*_)?(alpha|beta|gamma|lambda_?|lamb|temperature|temp|tau|scale|eps|ratio|guidance)"),
    ("categories", r"(.*_)?(cat|cats|categ|categories|categorical|sparse|fields)(_x|_idx|_features?)?"),
    (
        "one",
        r"(.*_)?(user|item|movie|product|head|relation|tail|token|char|word|node|target)(_?(id|idx|index))?|(.*_)?id|.*_index",
    ),
    ("tokens", _TOKENS),
    ("image", r"(.*_)?(image|images|img|imgs|pixels?|pixel_values|picture|photo|rgb|depth_map|frame)(_.*|\d+)?"),
    ("video", r"(.*_)?(video|videos|clip|clips|frames|x_3d)"),
    ("audio", r"(.*_)?(audio|wav|wave|waveform|waveforms|mixture|speech|signal)"),
    ("points", r"xyz|(.*_)?(coords?|coordinates|points?|pos|cloud|pointcloud|pc)"),
    ("latent", r"z|(.*_)?(noise|latents?|z)"),
    (
        "context",
        r"(.*_)?(context|memory|enc(oder)?_outputs?|encoder_out|encoder_hidden_states|cond(itioning)?)",
    ),
)
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in _ROLES)

INTEGERS = ("edges", "offsets", "label", "categories", "one", "tokens", "lengths")
"""Roles whose tensors hold integers by custom."""

FLOATS = ("image", "video", "audio", "points", "latent", "context", "adjacency", "noiseLevel")
"""Roles whose tensors hold floats by custom."""


def role(name: str) -> str:
    """Tells what a name stands for; empty where it says nothing."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().rstrip("_")
    snake = re.sub(r"_?\d+$", "", snake) or snake
    return next((one for one, pattern in _PATTERNS if pattern.fullmatch(snake)), "")

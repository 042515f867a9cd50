"""Classes that tell their own inputs."""

from typing import Any, Dict, Optional

import torch
from torch import nn


class LitAutoencoder(nn.Module):
    """As a LightningModule has it."""

    def __init__(self, width: int = 48):
        super().__init__()
        self.example_input_array = torch.zeros(2, 3, width, width)
        self.encoder = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten())
        self.decoder = nn.Linear(8 * (width // 2) ** 2, width * width)

    def forward(self, x):
        return self.decoder(self.encoder(x))


class PretrainedStyle(nn.Module):
    """As in a hub of language models."""

    def __init__(self, vocab: int = 99, dim: int = 32):
        super().__init__()
        self.shared = nn.Embedding(vocab, dim)
        self.layer = nn.TransformerEncoderLayer(dim, 4, 64, batch_first=True)
        self.lm_head = nn.Linear(dim, vocab)

    @property
    def dummy_inputs(self) -> Dict[str, torch.Tensor]:
        return {"input_ids": torch.tensor([[7, 6, 0, 0, 1], [1, 2, 3, 0, 0]]), "attention_mask": torch.ones(2, 5)}

    def forward(
        self,
        input_ids: Optional[torch.LongTensor] = None,
        attention_mask: Optional[torch.Tensor] = None,
        inputs_embeds: Optional[torch.Tensor] = None,
        **kwargs: Any,
    ):
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("You must specify exactly one of input_ids or inputs_embeds")
        hidden = self.shared(input_ids) if inputs_embeds is None else inputs_embeds
        mask = None if attention_mask is None else attention_mask == 0
        return self.lm_head(self.layer(hidden, src_key_padding_mask=mask))

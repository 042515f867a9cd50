"""Mixtures of experts whose routing looks at values."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Expert(nn.Module):
    def __init__(self, d_model, d_hidden):
        super().__init__()
        self.w1 = nn.Linear(d_model, d_hidden)
        self.w2 = nn.Linear(d_hidden, d_model)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)))


class SparseMoE(nn.Module):
    def __init__(self, d_model: int = 64, n_experts: int = 8, top_k: int = 2):
        super().__init__()
        self.top_k = top_k
        self.router = nn.Linear(d_model, n_experts)
        self.experts = nn.ModuleList([Expert(d_model, 4 * d_model) for _ in range(n_experts)])

    def forward(self, x):
        batch, seq_len, d = x.shape
        gates, indices = self.router(x).topk(self.top_k, dim=-1)
        gates = gates.softmax(dim=-1)
        flat = x.view(-1, d)
        out = torch.zeros_like(flat)
        for i, expert in enumerate(self.experts):
            mask = (indices == i).any(dim=-1).view(-1)
            if mask.any():
                chosen = flat[mask]
                weight = gates.view(-1, self.top_k)[mask, (indices.view(-1, self.top_k)[mask] == i).long().argmax(-1)]
                out[mask] += expert(chosen) * weight.unsqueeze(1)
        return out.view(batch, seq_len, d)


class SparseMoELanguageModel(nn.Module):
    def __init__(self, vocab_size=1000, d_model=64, n_layer=2, block_size=32):
        super().__init__()
        self.token_embedding_table = nn.Embedding(vocab_size, d_model)
        self.position_embedding_table = nn.Embedding(block_size, d_model)
        self.blocks = nn.Sequential(*[SparseMoE(d_model) for _ in range(n_layer)])
        self.ln_f = nn.LayerNorm(d_model)
        self.lm_head = nn.Linear(d_model, vocab_size)

    def forward(self, idx, targets=None):
        B, T = idx.shape
        x = self.token_embedding_table(idx) + self.position_embedding_table(torch.arange(T, device=idx.device))
        return self.lm_head(self.ln_f(self.blocks(x)))


class MMoE(nn.Module):
    """Multi-gate mixture of experts for several tasks."""

    def __init__(self, input_size, num_experts, experts_out, experts_hidden, towers_hidden, tasks):
        super().__init__()
        self.experts = nn.ModuleList(
            [
                nn.Sequential(nn.Linear(input_size, experts_hidden), nn.ReLU(), nn.Linear(experts_hidden, experts_out))
                for _ in range(num_experts)
            ]
        )
        self.w_gates = nn.ParameterList([nn.Parameter(torch.randn(input_size, num_experts)) for _ in range(tasks)])
        self.towers = nn.ModuleList(
            [
                nn.Sequential(nn.Linear(experts_out, towers_hidden), nn.ReLU(), nn.Linear(towers_hidden, 1))
                for _ in range(tasks)
            ]
        )

    def forward(self, x):
        experts_o = torch.stack([e(x) for e in self.experts])
        gates_o = [F.softmax(x @ g, dim=1) for g in self.w_gates]
        tower_input = [(g.t().unsqueeze(2) * experts_o).sum(dim=0) for g in gates_o]
        return [t(ti) for t, ti in zip(self.towers, tower_input)]

"""Captions, sound, tables, rays, robots."""

from dataclasses import dataclass, field
from typing import Dict, List, Optional

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence


class DecoderRNN(nn.Module):
    def __init__(self, embed_size, hidden_size, vocab_size, num_layers, max_seq_length=20):
        """Set the hyper-parameters and build the layers."""
        super().__init__()
        self.embed = nn.Embedding(vocab_size, embed_size)
        self.lstm = nn.LSTM(embed_size, hidden_size, num_layers, batch_first=True)
        self.linear = nn.Linear(hidden_size, vocab_size)
        self.max_seg_length = max_seq_length

    def forward(self, features, captions, lengths):
        """Decode image feature vectors and generates captions."""
        embeddings = self.embed(captions)
        embeddings = torch.cat((features.unsqueeze(1), embeddings), 1)
        packed = pack_padded_sequence(embeddings, lengths, batch_first=True)
        hiddens, _ = self.lstm(packed)
        return self.linear(hiddens[0])


class ConvTasNet(nn.Module):
    def __init__(self, N=64, L=16, B=32, H=64, P=3, X=4, C=2):
        super().__init__()
        self.C, self.N = C, N
        self.encoder = nn.Conv1d(1, N, L, stride=L // 2, bias=False)
        self.norm = nn.GroupNorm(1, N)
        self.bottleneck = nn.Conv1d(N, B, 1)
        self.blocks = nn.ModuleList(
            [
                nn.Sequential(
                    nn.Conv1d(B, H, 1),
                    nn.PReLU(),
                    nn.Conv1d(H, H, P, padding=2**i, dilation=2**i, groups=H),
                    nn.PReLU(),
                    nn.Conv1d(H, B, 1),
                )
                for i in range(X)
            ]
        )
        self.mask = nn.Conv1d(B, C * N, 1)
        self.decoder = nn.ConvTranspose1d(N, 1, L, stride=L // 2, bias=False)

    def forward(self, mixture):
        if mixture.dim() == 2:
            mixture = mixture.unsqueeze(1)
        w = F.relu(self.encoder(mixture))
        x = self.bottleneck(self.norm(w))
        for block in self.blocks:
            x = x + block(x)
        m = torch.sigmoid(self.mask(x)).view(-1, self.C, self.N, w.shape[-1])
        est = m * w.unsqueeze(1)
        return self.decoder(est.view(-1, self.N, w.shape[-1])).view(m.shape[0], self.C, -1)


class FeaturesEmbedding(nn.Module):
    def __init__(self, field_dims, embed_dim):
        super().__init__()
        self.embedding = nn.Embedding(sum(field_dims), embed_dim)
        offsets = [0]
        for d in field_dims[:-1]:
            offsets.append(offsets[-1] + d)
        self.register_buffer("offsets", torch.tensor(offsets))

    def forward(self, x):
        return self.embedding(x + self.offsets.unsqueeze(0))


class DeepFM(nn.Module):
    def __init__(self, field_dims=(31, 24, 12, 7), embed_dim=8, mlp_dims=(32, 32), dropout=0.2):
        super().__init__()
        self.linear = FeaturesEmbedding(field_dims, 1)
        self.embedding = FeaturesEmbedding(field_dims, embed_dim)
        dims = [len(field_dims) * embed_dim, *mlp_dims]
        self.mlp = nn.Sequential(
            *[nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Dropout(dropout)) for a, b in zip(dims, dims[1:])]
        )
        self.out = nn.Linear(dims[-1], 1)

    def forward(self, x):
        e = self.embedding(x)
        fm = 0.5 * (e.sum(dim=1) ** 2 - (e**2).sum(dim=1)).sum(1, keepdim=True)
        return torch.sigmoid((self.linear(x).sum(1) + fm + self.out(self.mlp(e.flatten(1)))).squeeze(1))


class NeRF(nn.Module):
    def __init__(self, D=4, W=64, input_ch=63, input_ch_views=27, skips=(2,)):
        super().__init__()
        self.input_ch, self.input_ch_views, self.skips = input_ch, input_ch_views, skips
        self.pts_linears = nn.ModuleList(
            [nn.Linear(input_ch, W)] + [nn.Linear(W + input_ch if i in skips else W, W) for i in range(D - 1)]
        )
        self.views_linears = nn.ModuleList([nn.Linear(input_ch_views + W, W // 2)])
        self.feature_linear = nn.Linear(W, W)
        self.alpha_linear = nn.Linear(W, 1)
        self.rgb_linear = nn.Linear(W // 2, 3)

    def forward(self, x):
        input_pts, input_views = torch.split(x, [self.input_ch, self.input_ch_views], dim=-1)
        h = input_pts
        for i, layer in enumerate(self.pts_linears):
            h = F.relu(layer(h))
            if i in self.skips:
                h = torch.cat([input_pts, h], -1)
        alpha = self.alpha_linear(h)
        h = torch.cat([self.feature_linear(h), input_views], -1)
        for layer in self.views_linears:
            h = F.relu(layer(h))
        return torch.cat([self.rgb_linear(h), alpha], -1)


@dataclass
class PolicyConfig:
    state_dim: int = 14
    action_dim: int = 7
    chunk_size: int = 10
    dim: int = 64
    cameras: List[str] = field(default_factory=lambda: ["top", "wrist"])


class ChunkPolicy(nn.Module):
    """Observations of a robot: joint states and a picture from each camera."""

    def __init__(self, cfg: PolicyConfig):
        super().__init__()
        self.cfg = cfg
        self.vision = nn.Sequential(nn.Conv2d(3, 16, 8, 8), nn.ReLU(), nn.Conv2d(16, cfg.dim, 4, 4))
        self.state = nn.Linear(cfg.state_dim, cfg.dim)
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(cfg.dim, 4, 128, batch_first=True), 1)
        self.queries = nn.Parameter(torch.randn(1, cfg.chunk_size, cfg.dim))
        self.head = nn.Linear(cfg.dim, cfg.action_dim)

    def forward(self, obs: Dict[str, torch.Tensor]) -> torch.Tensor:
        tokens = [self.state(obs["state"]).unsqueeze(1)]
        for camera in self.cfg.cameras:
            tokens.append(self.vision(obs[f"image_{camera}"]).flatten(2).transpose(1, 2))
        memory = torch.cat(tokens, dim=1)
        return self.head(self.decoder(self.queries.expand(memory.shape[0], -1, -1), memory))


class DenseSAGE(nn.Module):
    def __init__(self, in_channels, hidden_channels, out_channels):
        super().__init__()
        self.self1, self.neigh1 = nn.Linear(in_channels, hidden_channels), nn.Linear(in_channels, hidden_channels)
        self.self2, self.neigh2 = nn.Linear(hidden_channels, out_channels), nn.Linear(hidden_channels, out_channels)

    def aggregate(self, x, adj):
        return adj @ x / adj.sum(-1, keepdim=True).clamp(min=1)

    def forward(self, x, adj, mask: Optional[torch.Tensor] = None):
        x = F.relu(self.self1(x) + self.neigh1(self.aggregate(x, adj)))
        x = self.self2(x) + self.neigh2(self.aggregate(x, adj))
        return x if mask is None else x * mask.unsqueeze(-1)


class ConformerEncoder(nn.Module):
    def __init__(self, input_dim: int = 80, encoder_dim: int = 64, heads: int = 4, kernel: int = 15):
        super().__init__()
        self.subsample = nn.Sequential(nn.Conv2d(1, 16, 3, 2), nn.ReLU(), nn.Conv2d(16, 16, 3, 2), nn.ReLU())
        self.project = nn.Linear(16 * (((input_dim - 1) // 2 - 1) // 2), encoder_dim)
        self.attention = nn.MultiheadAttention(encoder_dim, heads, batch_first=True)
        self.conv = nn.Conv1d(encoder_dim, encoder_dim, kernel, padding=kernel // 2, groups=encoder_dim)
        self.norm = nn.LayerNorm(encoder_dim)

    def forward(self, inputs: torch.Tensor, input_lengths: torch.Tensor):
        x = self.subsample(inputs.unsqueeze(1))
        b, c, t, d = x.size()
        x = self.project(x.permute(0, 2, 1, 3).contiguous().view(b, t, c * d))
        lengths = ((input_lengths - 1) // 2 - 1) // 2
        mask = torch.arange(t, device=x.device)[None, :] >= lengths[:, None]
        x = x + self.attention(x, x, x, key_padding_mask=mask)[0]
        x = self.norm(x + self.conv(x.transpose(1, 2)).transpose(1, 2))
        return x, lengths


class DLRM(nn.Module):
    def __init__(self, ln_emb=(100, 50, 20), m_spa=16, ln_bot=(13, 32, 16), ln_top=(22, 16, 1)):
        super().__init__()
        self.emb_l = nn.ModuleList([nn.EmbeddingBag(n, m_spa, mode="sum") for n in ln_emb])
        self.bot_l = self.create_mlp(ln_bot)
        self.top_l = self.create_mlp(ln_top)

    def create_mlp(self, ln):
        layers = nn.ModuleList()
        for n, m in zip(ln, ln[1:]):
            layers.append(nn.Linear(n, m))
            layers.append(nn.ReLU())
        return nn.Sequential(*layers)

    def forward(self, dense_x, lS_i):
        x = self.bot_l(dense_x)
        ly = [emb(indices) for emb, indices in zip(self.emb_l, lS_i)]
        T = torch.cat([x] + ly, dim=1).view(x.shape[0], -1, x.shape[1])
        Z = torch.bmm(T, torch.transpose(T, 1, 2))
        li = torch.tensor([i for i in range(Z.shape[1]) for j in range(i)], device=Z.device)
        lj = torch.tensor([j for i in range(Z.shape[1]) for j in range(i)], device=Z.device)
        return self.top_l(torch.cat([x, Z[:, li, lj]], dim=1))


class PointerNetwork(nn.Module):
    def __init__(self, input_dim=2, hidden=64):
        super().__init__()
        self.hidden = hidden
        self.encoder = nn.LSTM(input_dim, hidden, batch_first=True)
        self.decoder = nn.LSTMCell(input_dim, hidden)
        self.w1, self.w2 = nn.Linear(hidden, hidden, bias=False), nn.Linear(hidden, hidden, bias=False)
        self.v = nn.Linear(hidden, 1, bias=False)
        self.start = nn.Parameter(torch.zeros(input_dim))

    def forward(self, cities):
        b, n, _ = cities.shape
        enc, (h, c) = self.encoder(cities)
        h, c = h[-1], c[-1]
        x = self.start.expand(b, -1)
        mask = torch.zeros(b, n, dtype=torch.bool, device=cities.device)
        picks = []
        for _ in range(n):
            h, c = self.decoder(x, (h, c))
            scores = self.v(torch.tanh(self.w1(enc) + self.w2(h).unsqueeze(1))).squeeze(-1).masked_fill(mask, -1e9)
            pick = scores.argmax(-1)
            mask = mask.scatter(1, pick.unsqueeze(1), True)
            x = cities[torch.arange(b, device=cities.device), pick]
            picks.append(scores.log_softmax(-1))
        return torch.stack(picks, 1)


class AdaINDecoder(nn.Module):
    """Content features and a style vector."""

    def __init__(self, channels: int = 64, style_dim: int = 16):
        super().__init__()
        self.norm = nn.InstanceNorm2d(channels)
        self.style = nn.Linear(style_dim, 2 * channels)
        self.up = nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(channels, 3, 3, padding=1))

    def forward(self, content, style):
        gamma, beta = self.style(style).chunk(2, 1)
        x = self.norm(content) * (1 + gamma[..., None, None]) + beta[..., None, None]
        return self.up(x)


class GradientReversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, alpha):
        ctx.alpha = alpha
        return x.view_as(x)

    @staticmethod
    def backward(ctx, grad_output):
        return grad_output.neg() * ctx.alpha, None


class DANN(nn.Module):
    def __init__(self):
        super().__init__()
        self.feature = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5),
            nn.BatchNorm2d(64),
            nn.MaxPool2d(2),
            nn.ReLU(True),
            nn.Conv2d(64, 50, kernel_size=5),
            nn.BatchNorm2d(50),
            nn.Dropout2d(),
            nn.MaxPool2d(2),
            nn.ReLU(True),
        )
        self.class_classifier = nn.Sequential(nn.Linear(50 * 4 * 4, 100), nn.ReLU(True), nn.Linear(100, 10))
        self.domain_classifier = nn.Sequential(nn.Linear(50 * 4 * 4, 100), nn.ReLU(True), nn.Linear(100, 2))

    def forward(self, input_data, alpha):
        input_data = input_data.expand(input_data.data.shape[0], 3, 28, 28)
        feature = self.feature(input_data)
        feature = feature.view(-1, 50 * 4 * 4)
        reverse_feature = GradientReversal.apply(feature, alpha)
        return self.class_classifier(feature), self.domain_classifier(reverse_feature)

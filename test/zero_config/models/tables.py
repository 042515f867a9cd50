"""Tables and recommendations."""

from typing import Dict, List, Tuple

import torch
import torch.nn as nn
import torch.nn.functional as F


class TabularModel(nn.Module):
    def __init__(self, emb_szs: List[Tuple[int, int]], n_cont: int, out_sz: int, layers: List[int], p: float = 0.5):
        super().__init__()
        self.embeds = nn.ModuleList([nn.Embedding(ni, nf) for ni, nf in emb_szs])
        self.emb_drop = nn.Dropout(p)
        self.bn_cont = nn.BatchNorm1d(n_cont)
        layerlist = []
        n_emb = sum(nf for ni, nf in emb_szs)
        n_in = n_emb + n_cont
        for i in layers:
            layerlist.append(nn.Linear(n_in, i))
            layerlist.append(nn.ReLU(inplace=True))
            layerlist.append(nn.BatchNorm1d(i))
            n_in = i
        layerlist.append(nn.Linear(layers[-1], out_sz))
        self.layers = nn.Sequential(*layerlist)

    def forward(self, x_cat, x_cont):
        embeddings = []
        for i, e in enumerate(self.embeds):
            embeddings.append(e(x_cat[:, i]))
        x = torch.cat(embeddings, 1)
        x = self.emb_drop(x)
        x_cont = self.bn_cont(x_cont)
        x = torch.cat([x, x_cont], 1)
        return self.layers(x)


def main():
    emb_szs = [(24, 12), (2, 1), (7, 4)]
    torch.manual_seed(33)
    model = TabularModel(emb_szs, 6, 1, [200, 100], p=0.4)
    cats = torch.randint(0, 2, (16, 3))
    conts = torch.randn(16, 6)
    y_pred = model(cats, conts)
    print(y_pred.shape)


class NCF(nn.Module):
    def __init__(self, user_num, item_num, factor_num, num_layers, dropout, model):
        super().__init__()
        self.dropout = dropout
        self.model = model
        self.embed_user_GMF = nn.Embedding(user_num, factor_num)
        self.embed_item_GMF = nn.Embedding(item_num, factor_num)
        self.embed_user_MLP = nn.Embedding(user_num, factor_num * (2 ** (num_layers - 1)))
        self.embed_item_MLP = nn.Embedding(item_num, factor_num * (2 ** (num_layers - 1)))
        MLP_modules = []
        for i in range(num_layers):
            input_size = factor_num * (2 ** (num_layers - i))
            MLP_modules.append(nn.Dropout(p=self.dropout))
            MLP_modules.append(nn.Linear(input_size, input_size // 2))
            MLP_modules.append(nn.ReLU())
        self.MLP_layers = nn.Sequential(*MLP_modules)
        predict_size = factor_num if self.model in ["MLP", "GMF"] else factor_num * 2
        self.predict_layer = nn.Linear(predict_size, 1)

    def forward(self, user, item):
        if not self.model == "MLP":
            output_GMF = self.embed_user_GMF(user) * self.embed_item_GMF(item)
        if not self.model == "GMF":
            interaction = torch.cat((self.embed_user_MLP(user), self.embed_item_MLP(item)), -1)
            output_MLP = self.MLP_layers(interaction)
        if self.model == "GMF":
            concat = output_GMF
        elif self.model == "MLP":
            concat = output_MLP
        else:
            concat = torch.cat((output_GMF, output_MLP), -1)
        return self.predict_layer(concat).view(-1)


class SASRec(nn.Module):
    def __init__(self, item_num=3416, maxlen=50, hidden=48, heads=1, blocks=2):
        super().__init__()
        self.item_emb = nn.Embedding(item_num + 1, hidden, padding_idx=0)
        self.pos_emb = nn.Embedding(maxlen + 1, hidden, padding_idx=0)
        self.layers = nn.ModuleList([nn.MultiheadAttention(hidden, heads) for _ in range(blocks)])
        self.norm = nn.LayerNorm(hidden)

    def log2feats(self, log_seqs):
        seqs = self.item_emb(log_seqs) * self.item_emb.embedding_dim**0.5
        poss = torch.arange(1, log_seqs.shape[1] + 1, device=log_seqs.device).expand(log_seqs.shape[0], -1)
        seqs = seqs + self.pos_emb(poss * (log_seqs != 0))
        tl = seqs.shape[1]
        mask = ~torch.tril(torch.ones((tl, tl), dtype=torch.bool, device=seqs.device))
        for layer in self.layers:
            seqs = seqs.transpose(0, 1)
            out, _ = layer(seqs, seqs, seqs, attn_mask=mask)
            seqs = (seqs + out).transpose(0, 1)
        return self.norm(seqs)

    def forward(self, user_ids, log_seqs, pos_seqs, neg_seqs):
        log_feats = self.log2feats(log_seqs)
        pos_logits = (log_feats * self.item_emb(pos_seqs)).sum(dim=-1)
        neg_logits = (log_feats * self.item_emb(neg_seqs)).sum(dim=-1)
        return pos_logits, neg_logits


class TwoTower(nn.Module):
    """A batch is a dict of features."""

    def __init__(self, n_users: int = 6040, n_items: int = 3706, n_genres: int = 18, dim: int = 32):
        super().__init__()
        self.user = nn.Embedding(n_users, dim)
        self.item = nn.Embedding(n_items, dim)
        self.age = nn.Linear(1, dim)
        self.genres = nn.Linear(n_genres, dim)

    def forward(self, features: Dict[str, torch.Tensor]) -> torch.Tensor:
        u = self.user(features["user_id"]) + self.age(features["age"])
        i = self.item(features["item_id"]) + self.genres(features["genres"])
        return (F.normalize(u, dim=-1) * F.normalize(i, dim=-1)).sum(-1)


class GatedResidual(nn.Module):
    def __init__(self, config):
        super().__init__()
        dim = config["hidden_dim"]
        self.fc1 = nn.Linear(config["input_dim"], dim)
        self.gate = nn.Linear(dim, dim)
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, config.get("n_outputs", 1))

    def forward(self, x):
        h = F.elu(self.fc1(x))
        return self.out(self.norm(h + torch.sigmoid(self.gate(h)) * h))

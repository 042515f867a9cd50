"""Graphs with plain tensors: adjacency matrices and edge lists."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parameter import Parameter


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.FloatTensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.spmm(adj, support)
        return output + self.bias if self.bias is not None else output


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass, dropout):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        x = F.dropout(x, self.dropout, training=self.training)
        x = self.gc2(x, adj)
        return F.log_softmax(x, dim=1)


class DenseGAT(nn.Module):
    def __init__(self, in_dim=16, hidden=32, heads=4, classes=7):
        super().__init__()
        self.heads = heads
        self.w = nn.Linear(in_dim, hidden * heads, bias=False)
        self.a_src = nn.Parameter(torch.randn(heads, hidden))
        self.a_dst = nn.Parameter(torch.randn(heads, hidden))
        self.out = nn.Linear(hidden * heads, classes)

    def forward(self, nodes, adj):
        b, n, _ = nodes.shape
        h = self.w(nodes).view(b, n, self.heads, -1)
        src = (h * self.a_src).sum(-1)
        dst = (h * self.a_dst).sum(-1)
        scores = F.leaky_relu(src.unsqueeze(2) + dst.unsqueeze(1), 0.2)
        scores = scores.masked_fill(adj.unsqueeze(-1) == 0, float("-inf"))
        alpha = torch.nan_to_num(scores.softmax(dim=2))
        out = torch.einsum("bijh,bjhd->bihd", alpha, h)
        return self.out(out.reshape(b, n, -1))


class MessagePassing(nn.Module):
    """Edges are a 2 x E tensor of node numbers."""

    def __init__(self, node_dim: int = 9, edge_dim: int = 3, hidden: int = 32, steps: int = 3):
        super().__init__()
        self.encode = nn.Linear(node_dim, hidden)
        self.message = nn.Sequential(nn.Linear(2 * hidden + edge_dim, hidden), nn.ReLU())
        self.update = nn.GRUCell(hidden, hidden)
        self.steps = steps
        self.readout = nn.Linear(hidden, 1)

    def forward(self, x, edge_index, edge_attr):
        h = self.encode(x)
        src, dst = edge_index
        for _ in range(self.steps):
            m = self.message(torch.cat([h[src], h[dst], edge_attr], dim=-1))
            agg = torch.zeros_like(h).index_add(0, dst, m)
            h = self.update(agg, h)
        return self.readout(h.mean(0))

"""Reinforcement learning."""

import torch
import torch.nn as nn
from torch.distributions import Categorical, Normal


class ActorCritic(nn.Module):
    def __init__(self, num_inputs, num_outputs, hidden_size, std=0.0):
        super().__init__()
        self.critic = nn.Sequential(nn.Linear(num_inputs, hidden_size), nn.ReLU(), nn.Linear(hidden_size, 1))
        self.actor = nn.Sequential(nn.Linear(num_inputs, hidden_size), nn.ReLU(), nn.Linear(hidden_size, num_outputs))
        self.log_std = nn.Parameter(torch.ones(1, num_outputs) * std)

    def forward(self, x):
        value = self.critic(x)
        mu = self.actor(x)
        std = self.log_std.exp().expand_as(mu)
        dist = Normal(mu, std)
        return dist, value


class DuelingDQN(nn.Module):
    def __init__(self, num_actions=6):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(4, 32, kernel_size=8, stride=4),
            nn.ReLU(),
            nn.Conv2d(32, 64, kernel_size=4, stride=2),
            nn.ReLU(),
            nn.Conv2d(64, 64, kernel_size=3, stride=1),
            nn.ReLU(),
        )
        self.advantage = nn.Sequential(nn.Linear(7 * 7 * 64, 512), nn.ReLU(), nn.Linear(512, num_actions))
        self.value = nn.Sequential(nn.Linear(7 * 7 * 64, 512), nn.ReLU(), nn.Linear(512, 1))

    def forward(self, x):
        x = self.features(x / 255.0)
        x = x.reshape(x.size(0), -1)
        advantage = self.advantage(x)
        return self.value(x) + advantage - advantage.mean()


class RecurrentPolicy(nn.Module):
    def __init__(self, obs_dim: int = 24, n_actions: int = 5, hidden: int = 64):
        super().__init__()
        self.encoder = nn.Linear(obs_dim, hidden)
        self.cell = nn.LSTMCell(hidden, hidden)
        self.pi = nn.Linear(hidden, n_actions)
        self.v = nn.Linear(hidden, 1)

    def forward(self, obs, state, done):
        h, c = state
        keep = (1.0 - done.float()).unsqueeze(-1)
        h, c = self.cell(torch.relu(self.encoder(obs)), (h * keep, c * keep))
        return Categorical(logits=self.pi(h)), self.v(h), (h, c)


class WorldModel(nn.Module):
    def __init__(self, latent=32, actions=3, hidden=256, mixtures=5):
        super().__init__()
        self.rnn = nn.LSTM(latent + actions, hidden, batch_first=True)
        self.mdn = nn.Linear(hidden, 3 * mixtures * latent)

    def forward(self, z, action, hidden=None):
        out, hidden = self.rnn(torch.cat([z, action], dim=-1), hidden)
        pi, mu, sigma = self.mdn(out).chunk(3, dim=-1)
        return pi, mu, sigma.exp(), hidden

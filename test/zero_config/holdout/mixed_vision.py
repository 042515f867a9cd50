"""Pictures: reading lines, finding objects, patches, masked patches."""

import torch
import torch.nn as nn


class BidirectionalLSTM(nn.Module):
    def __init__(self, nIn, nHidden, nOut):
        super().__init__()
        self.rnn = nn.LSTM(nIn, nHidden, bidirectional=True)
        self.embedding = nn.Linear(nHidden * 2, nOut)

    def forward(self, input):
        recurrent, _ = self.rnn(input)
        T, b, h = recurrent.size()
        t_rec = recurrent.view(T * b, h)
        return self.embedding(t_rec).view(T, b, -1)


class CRNN(nn.Module):
    def __init__(self, imgH=32, nc=1, nclass=37, nh=64):
        super().__init__()
        assert imgH % 16 == 0, "imgH has to be a multiple of 16"
        self.cnn = nn.Sequential(
            nn.Conv2d(nc, 32, 3, 1, 1),
            nn.ReLU(True),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(32, 64, 3, 1, 1),
            nn.ReLU(True),
            nn.MaxPool2d(2, 2),
            nn.Conv2d(64, 64, 3, 1, 1),
            nn.ReLU(True),
            nn.MaxPool2d((2, 2), (2, 1), (0, 1)),
            nn.Conv2d(64, 128, 3, 1, 1),
            nn.ReLU(True),
            nn.MaxPool2d((2, 2), (2, 1), (0, 1)),
            nn.Conv2d(128, 128, 2, 1, 0),
            nn.ReLU(True),
        )
        self.rnn = nn.Sequential(BidirectionalLSTM(128, nh, nh), BidirectionalLSTM(nh, nh, nclass))

    def forward(self, input):
        conv = self.cnn(input)
        b, c, h, w = conv.size()
        assert h == 1, "the height of conv must be 1"
        conv = conv.squeeze(2)
        conv = conv.permute(2, 0, 1)
        return self.rnn(conv)


class DETRdemo(nn.Module):
    def __init__(self, num_classes, hidden_dim=64, nheads=4, num_encoder_layers=1, num_decoder_layers=1):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 32, 7, 4, 3), nn.ReLU(), nn.Conv2d(32, 256, 3, 4, 1), nn.ReLU())
        self.conv = nn.Conv2d(256, hidden_dim, 1)
        self.transformer = nn.Transformer(hidden_dim, nheads, num_encoder_layers, num_decoder_layers)
        self.linear_class = nn.Linear(hidden_dim, num_classes + 1)
        self.linear_bbox = nn.Linear(hidden_dim, 4)
        self.query_pos = nn.Parameter(torch.rand(100, hidden_dim))
        self.row_embed = nn.Parameter(torch.rand(50, hidden_dim // 2))
        self.col_embed = nn.Parameter(torch.rand(50, hidden_dim // 2))

    def forward(self, inputs):
        h = self.conv(self.backbone(inputs))
        H, W = h.shape[-2:]
        pos = (
            torch.cat(
                [self.col_embed[:W].unsqueeze(0).repeat(H, 1, 1), self.row_embed[:H].unsqueeze(1).repeat(1, W, 1)],
                dim=-1,
            )
            .flatten(0, 1)
            .unsqueeze(1)
        )
        h = self.transformer(pos + 0.1 * h.flatten(2).permute(2, 0, 1), self.query_pos.unsqueeze(1)).transpose(0, 1)
        return {"pred_logits": self.linear_class(h), "pred_boxes": self.linear_bbox(h).sigmoid()}


class MaskedAutoencoder(nn.Module):
    def __init__(self, img_size=96, patch_size=8, dim=64, depth=2, heads=4):
        super().__init__()
        self.patch_size = patch_size
        self.num_patches = (img_size // patch_size) ** 2
        self.proj = nn.Linear(3 * patch_size**2, dim)
        self.pos = nn.Parameter(torch.randn(1, self.num_patches, dim) * 0.02)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(dim, heads, dim * 2, batch_first=True), depth)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.head = nn.Linear(dim, 3 * patch_size**2)

    def patchify(self, imgs):
        p = self.patch_size
        assert imgs.shape[2] == imgs.shape[3] and imgs.shape[2] % p == 0
        h = w = imgs.shape[2] // p
        x = imgs.reshape(imgs.shape[0], 3, h, p, w, p)
        return torch.einsum("nchpwq->nhwpqc", x).reshape(imgs.shape[0], h * w, p**2 * 3)

    def forward(self, imgs, mask_ratio=0.75):
        x = self.proj(self.patchify(imgs)) + self.pos
        N, L, D = x.shape
        keep = int(L * (1 - mask_ratio))
        ids = torch.argsort(torch.rand(N, L, device=x.device), dim=1)
        kept = torch.gather(x, 1, ids[:, :keep].unsqueeze(-1).repeat(1, 1, D))
        latent = self.encoder(kept)
        full = torch.cat([latent, self.mask_token.repeat(N, L - keep, 1)], 1)
        full = torch.gather(full, 1, torch.argsort(ids, dim=1).unsqueeze(-1).repeat(1, 1, D))
        return self.head(full)


class TimeSformerLite(nn.Module):
    """video: b f c h w"""

    def __init__(self, *, dim=64, num_frames=8, num_classes=10, image_size=64, patch_size=16, channels=3):
        super().__init__()
        self.patch_size = patch_size
        num_positions = num_frames * (image_size // patch_size) ** 2
        self.to_patch_embedding = nn.Linear(channels * patch_size**2, dim)
        self.pos_emb = nn.Embedding(num_positions + 1, dim)
        self.cls_token = nn.Parameter(torch.randn(1, dim))
        self.layer = nn.TransformerEncoderLayer(dim, 4, 128, batch_first=True)
        self.to_out = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, num_classes))

    def forward(self, video):
        b, f, c, h, w = video.shape
        p = self.patch_size
        assert h % p == 0 and w % p == 0
        x = (
            video.reshape(b, f, c, h // p, p, w // p, p)
            .permute(0, 1, 3, 5, 4, 6, 2)
            .reshape(b, f * (h // p) * (w // p), -1)
        )
        tokens = self.to_patch_embedding(x)
        x = torch.cat((self.cls_token.expand(b, 1, -1), tokens), dim=1)
        x = x + self.pos_emb(torch.arange(x.shape[1], device=video.device))
        return self.to_out(self.layer(x)[:, 0])

"""The network: one encoder with a capitalisation feature, one wide projection, small heads.

Everything that the runtime needs per word comes out of ``Reader.forward`` as one row per word, so
that the ONNX file is a single graph; what looks at pairs of words (arcs, labels, roles) is a product
of such rows and is done by the runtime in numpy with the weights of ``pair_weights``.
Shapes: B windows, P pieces, W words, H = 384.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

HIDDEN = 384
ARC, REL, ROLE = 160, 80, 128
VECTOR = 512
FEATURES = 24  # 8 shapes x 3 kinds of space before
LAYERS_KEPT = (0, 3, 6)


class Linear(nn.Linear):
    """A linear layer that can compute with the rounding that its exported form will have.

    As onnxruntime's dynamic quantisation does it: weights symmetric in 7 bits per output channel (reduced
    range), activations asymmetric in 8 bits per window; gradients pass straight through the rounding
    (quantisation-aware training, Jacob et al. 2018).
    """

    rounded = False

    def forward(self, x: Tensor) -> Tensor:
        """Return the product, rounded while ``rounded`` is set."""
        if not self.rounded:
            return super().forward(x)
        return nn.functional.linear(round_activations(x), round_weights(self.weight), self.bias)


def round_weights(weight: Tensor) -> Tensor:
    """Return weights at the 127 steps that an exported channel has."""
    with torch.no_grad():
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-8) / 63
        change = torch.round(weight / scale) * scale - weight
    return weight + change


def round_activations(x: Tensor) -> Tensor:
    """Return states (B, P, H) at the 256 steps that a window has."""
    with torch.no_grad():
        low = x.amin((1, 2), keepdim=True).clamp(max=0)
        scale = (x.amax((1, 2), keepdim=True).clamp(min=0) - low).clamp(min=1e-8) / 255
        change = torch.round(x / scale) * scale - x
    return x + change


class Layer(nn.Module):
    """A BERT layer, post-norm, as the pre-trained weights want it."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up, self.down = Linear(HIDDEN, 4 * HIDDEN), Linear(4 * HIDDEN, HIDDEN)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """Return the next states (B, P, H); ``bias`` rules out padding."""
        b, p, _ = x.shape

        def split(t: Tensor) -> Tensor:
            return t.view(b, p, 12, 32).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = q @ k.transpose(2, 3) * (32**-0.5) + bias
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(b, p, HIDDEN)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """MiniLM, its embeddings plus the word-shape feature."""

    def __init__(self, dropout: float = 0.1, vocabulary: int = 30522) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.features = nn.Embedding(FEATURES, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(6))
        self.drop = nn.Dropout(dropout)
        nn.init.zeros_(self.features.weight)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> list[Tensor]:
        """Return the states (B, P, H) after the embeddings and after each layer."""
        place = self.positions.weight[: ids.shape[1]]
        x = self.drop(self.norm(self.words(ids) + place + self.features(features)))
        bias = (1.0 - mask[:, None, None, :]) * -1e4
        states = [x]
        for layer in self.layers:
            x = layer(x, bias)
            states.append(x)
        return states

    def load_pretrained(self, folder: Path) -> None:
        """Load sentence-transformers/all-MiniLM-L6-v2; the token type vector is folded into the words'."""
        w = load_file(str(folder / "model.safetensors"))
        w = {k.removeprefix("bert."): v for k, v in w.items()}
        with torch.no_grad():
            self.words.weight.copy_(w["embeddings.word_embeddings.weight"])
            self.positions.weight.copy_(
                w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
            )
            self.norm.weight.copy_(w["embeddings.LayerNorm.weight"])
            self.norm.bias.copy_(w["embeddings.LayerNorm.bias"])
            names = {
                "query": "attention.self.query",
                "key": "attention.self.key",
                "value": "attention.self.value",
                "out": "attention.output.dense",
                "norm1": "attention.output.LayerNorm",
                "up": "intermediate.dense",
                "down": "output.dense",
                "norm2": "output.LayerNorm",
            }
            for i, layer in enumerate(self.layers):
                for ours, theirs in names.items():
                    module = getattr(layer, ours)
                    module.weight.copy_(w[f"encoder.layer.{i}.{theirs}.weight"])
                    module.bias.copy_(w[f"encoder.layer.{i}.{theirs}.bias"])


class ReaderNet(nn.Module):
    """Encoder and heads. ``sizes``: output width of each word-level head by name."""

    def __init__(self, sizes: dict[str, int], paths: int, roles: int, relations: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout)
        self.sizes = sizes
        self.drop = nn.Dropout(0.2)
        self.linear = nn.ModuleDict({k: Linear(HIDDEN, n) for k, n in sizes.items()})
        self.arc_dep, self.arc_head = Linear(HIDDEN, ARC), Linear(HIDDEN, ARC)
        self.rel_dep, self.rel_head = Linear(HIDDEN, REL), Linear(HIDDEN, REL)
        self.role_word, self.role_pred = Linear(HIDDEN, ROLE), Linear(HIDDEN, ROLE)
        self.arc_u = nn.Parameter(torch.zeros(ARC + 1, ARC))
        self.root = nn.Parameter(torch.zeros(ARC))
        self.rel_u = nn.Parameter(torch.zeros(relations, REL + 1, REL + 1))
        self.path = nn.Embedding(paths, ROLE)
        self.distance = nn.Embedding(13, ROLE)
        self.role_mid = nn.Linear(ROLE, ROLE)
        self.role_out = nn.Linear(ROLE, roles)
        self.vector = nn.Linear(HIDDEN * len(LAYERS_KEPT), HIDDEN)
        self.vector_up, self.vector_down = (
            nn.Linear(HIDDEN * len(LAYERS_KEPT), VECTOR),
            nn.Linear(VECTOR, HIDDEN, bias=False),
        )
        nn.init.zeros_(self.vector_down.weight)
        nn.init.normal_(self.rel_u, std=0.02)
        nn.init.normal_(self.arc_u, std=0.02)

    def words(self, ids: Tensor, features: Tensor, mask: Tensor, first: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """Return each head's rows for the words (B, W, n) and the kept states of the pieces (B, P, 3H)."""
        states = self.encoder(ids, features, mask)
        h = states[-1].gather(1, first[..., None].expand(-1, -1, HIDDEN))
        h = self.drop(h)
        out = {k: layer(h) for k, layer in self.linear.items()}
        act = nn.functional.gelu
        out["arc_dep"], out["arc_head"] = act(self.arc_dep(h)), act(self.arc_head(h))
        out["rel_dep"], out["rel_head"] = act(self.rel_dep(h)), act(self.rel_head(h))
        out["role_word"], out["role_pred"] = self.role_word(h), self.role_pred(h)
        return out, torch.cat([states[i] for i in LAYERS_KEPT], -1)

    def arcs(self, out: dict[str, Tensor]) -> Tensor:
        """Return arc scores (B, dependent, head); the diagonal is the root."""
        dep = out["arc_dep"]
        one = torch.ones_like(dep[..., :1])
        scores = torch.cat([dep, one], -1) @ self.arc_u @ out["arc_head"].transpose(1, 2)
        return scores * (1 - torch.eye(dep.shape[1])) + torch.diag_embed(dep @ self.root)

    def relations(self, out: dict[str, Tensor], heads: Tensor) -> Tensor:
        """Return label scores (B, W, relations) for the given heads."""
        dep = out["rel_dep"]
        one = torch.ones_like(dep[..., :1])
        head = out["rel_head"].gather(1, heads[..., None].expand(-1, -1, REL))
        left, right = torch.cat([dep, one], -1), torch.cat([head, one], -1)
        n = self.rel_u.shape[0]
        mixed = (left @ self.rel_u.permute(1, 0, 2).reshape(REL + 1, -1)).view(*left.shape[:2], n, REL + 1)
        return (mixed * right[..., None, :]).sum(-1)

    def roles(self, out: dict[str, Tensor], where: Tensor, paths: Tensor, distances: Tensor) -> Tensor:
        """Return role scores (N, roles) of N (window, predicate, word) triples in ``where`` (N, 3)."""
        x = out["role_word"][where[:, 0], where[:, 2]] + out["role_pred"][where[:, 0], where[:, 1]]
        x = nn.functional.gelu(x + self.path(paths) + self.distance(distances))
        return self.role_out(self.drop(nn.functional.gelu(self.role_mid(x))))

    def sentence_vectors(self, pooled: Tensor) -> Tensor:
        """Return vectors in the original encoder's space from the mean states (N, 3H) of sentences."""
        return self.vector(pooled) + self.vector_down(nn.functional.gelu(self.vector_up(pooled)))

    def pair_weights(self) -> dict[str, Tensor]:
        """Return the weights that the runtime multiplies in numpy."""
        return {
            "arc_u": self.arc_u,
            "root": self.root,
            "rel_u": self.rel_u,
            "path": self.path.weight,
            "distance": self.distance.weight,
            "role_mid_w": self.role_mid.weight,
            "role_mid_b": self.role_mid.bias,
            "role_out_w": self.role_out.weight,
            "role_out_b": self.role_out.bias,
            "vector_up_w": self.vector_up.weight,
            "vector_up_b": self.vector_up.bias,
            "vector_down_w": self.vector_down.weight,
            "vector_w": self.vector.weight,
            "vector_b": self.vector.bias,
        }


def save_labels(path: Path, labels: dict[str, list[str]]) -> None:
    """Write the label lists."""
    path.write_text(json.dumps(labels, ensure_ascii=False, indent=0), encoding="utf-8")

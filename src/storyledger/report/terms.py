"""The words that the page has for the contract's codes."""

from __future__ import annotations

from typing import Any

TERMS: dict[str, Any] = {
    "acts": {
        "say": "says",
        "ask": "asks",
        "promise": "promises",
        "threaten": "threatens",
        "demand": "demands",
        "deny": "denies",
        "think": "thinks",
    },
    "statuses": {
        "reported": "reported",
        "planned": "planned",
        "denied": "denied",
        "claimed": "claimed",
        "called_off": "called off",
    },
    "plover": {
        "AGREE": "agreement",
        "CONSULT": "consultation",
        "SUPPORT": "support",
        "CONCEDE": "concession",
        "COOPERATE": "cooperation",
        "AID": "aid",
        "RETREAT": "retreat",
        "REQUEST": "request",
        "ACCUSE": "accusation",
        "REJECT": "rejection",
        "THREATEN": "threat",
        "PROTEST": "protest",
        "SANCTION": "sanction",
        "MOBILIZE": "mobilisation",
        "COERCE": "coercion",
        "ASSAULT": "assault",
        "OTHER": "",
    },
    "relations_words": {
        "verbatim": "verbatim",
        "trimmed": "trimmed",
        "paraphrase": "paraphrased",
        "misattributed": "given to another speaker",
    },
    "copies": {
        "byte_duplicate": "the same bytes as",
        "wire_verbatim": "copied word for word from",
        "wire_trimmed": "shortened from",
        "wire_rewritten": "rewritten from",
        "revision": "a revision of",
    },
    "kinds": (
        ("a", "actors"),
        ("s", "statements"),
        ("e", "events"),
        ("f", "numbers"),
        ("t", "times"),
        ("c", "in dispute"),
        ("g", "told alike or completed elsewhere"),
        ("o", "left out elsewhere"),
    ),
}

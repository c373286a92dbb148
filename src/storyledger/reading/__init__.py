"""From an ``Article`` to a ``Reading``: the model and what it marks; times."""

from storyledger.reading.reader import Reader, load_reader, model_digest, read_article

__all__ = ["Reader", "load_reader", "model_digest", "read_article"]

"""From an ``Article`` to a ``Reading``: the model and what it marks; times."""

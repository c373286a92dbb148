"""From a ``Page`` to an ``Article``: clean text with the way back to its source, facts, copies, origin."""

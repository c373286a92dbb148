"""From a ``Page`` to an ``Article``: clean text with the way back to its source, facts, copies, origin.

``extract_article`` works on one page; ``place_articles`` adds what only the pile can tell.
"""

from storyledger.articles.body import body_text
from storyledger.articles.budget import keep_read, tell_spent
from storyledger.articles.extract import extract_article, fingerprint_lines
from storyledger.articles.place import place_articles

__all__ = ["body_text", "extract_article", "fingerprint_lines", "keep_read", "place_articles", "tell_spent"]

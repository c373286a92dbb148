"""English, once: one view of a parsed article, and the words, marks and patterns that every room asks about.

``Parse`` is the view. Around it: ``find_quotations`` (marks), ``cut_sentences`` (text without a reading),
``end_dateline``, ``stem_word``, ``stop_words``, ``load_words`` (lexicons), ``MONTHS`` and
``WEEKDAYS``, ``factuality`` (did it happen) and
``load_patterns`` (trees, as rows). Invariant: everything here is a function of the text and its reading; it knows no
actor, statement, event or figure.
"""

from storyledger.language.calendar import MONTHS, WEEKDAYS
from storyledger.language.datelines import end_dateline
from storyledger.language.factuality import Factuality, factuality
from storyledger.language.frequencies import count_stems, load_frequencies
from storyledger.language.lexicon import load_table, load_words
from storyledger.language.parse import Parse, Phrase, parse_of
from storyledger.language.patterns import Match, Pattern, iter_matches, load_patterns
from storyledger.language.quotations import Quotation, find_quotations
from storyledger.language.sentences import HEAD_CHARS, cut_sentences, find_small, opens_in_head, opens_unended
from storyledger.language.stems import content_stems, stem_word
from storyledger.language.words import Word, find_words, stop_words

__all__ = [
    "HEAD_CHARS",
    "MONTHS",
    "WEEKDAYS",
    "Factuality",
    "Match",
    "Parse",
    "Pattern",
    "Phrase",
    "Quotation",
    "Word",
    "content_stems",
    "count_stems",
    "cut_sentences",
    "end_dateline",
    "factuality",
    "find_quotations",
    "find_small",
    "find_words",
    "iter_matches",
    "load_frequencies",
    "load_patterns",
    "load_table",
    "load_words",
    "opens_in_head",
    "opens_unended",
    "parse_of",
    "stem_word",
    "stop_words",
]

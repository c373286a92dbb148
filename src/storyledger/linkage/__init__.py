"""Records that mean one thing, once: which to compare, how alike they are and why, which to join.

``block`` (pairs worth comparing), ``Scorer`` (named features, weights from a file, a calibrated probability and its
reasons), ``Partition`` (groups that never join what is kept apart, and say which link gave way). The rooms bring
their own records, keys and features. Invariant: the result does not depend on the order of the records; this module
knows no kind of record.
"""

from storyledger.linkage.blocking import block
from storyledger.linkage.partition import Apart, Link, Partition, Refusal
from storyledger.linkage.scorer import Feature, Score, Scorer, batched
from storyledger.linkage.weights import Weights, expect_fewer, load_weights

__all__ = [
    "Apart",
    "Feature",
    "Link",
    "Partition",
    "Refusal",
    "Score",
    "Scorer",
    "Weights",
    "batched",
    "block",
    "expect_fewer",
    "load_weights",
]

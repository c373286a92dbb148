"""Time expressions: their TIMEX3 values and the intervals that they mean.

``find_times`` is all that others need. Invariant: a value is resolved against an anchor that the
article gives, or says that it is open. This package must not know the model.
"""

from .find import find_times

__all__ = ["find_times"]

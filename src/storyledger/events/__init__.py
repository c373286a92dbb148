"""Events: what happened, who did it to whom, when, and how sure that is.

Predicates with roles become PLOVER-typed reports, reports of one event become one ``Event`` with its
reasons, obeying the journal of judgements; events become a timeline and relations between two actors over time.
"""

from storyledger.events.corrections import check_event_judgements, key_event, key_telling
from storyledger.events.finding import find_reports
from storyledger.events.gdelt import gdelt_rows
from storyledger.events.merging import cut_survey, merge_reports, survey_cast
from storyledger.events.timeline import event_rows, order_timeline, relation_series

__all__ = [
    "check_event_judgements",
    "cut_survey",
    "event_rows",
    "find_reports",
    "gdelt_rows",
    "key_event",
    "key_telling",
    "merge_reports",
    "order_timeline",
    "relation_series",
    "survey_cast",
]

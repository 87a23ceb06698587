"""The log of searches, clicks and judgements, and reports on it."""

from retrieval.feedback.analytics import search_report
from retrieval.feedback.log import (
    delete_old_logs,
    judgements_of,
    log_click,
    log_search,
    set_judgement,
)

__all__ = [
    "delete_old_logs",
    "judgements_of",
    "log_click",
    "log_search",
    "search_report",
    "set_judgement",
]

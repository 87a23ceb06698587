"""The log of searches, clicks and judgements, reports on it, and users' own recent searches."""

from retrieval.feedback.analytics import search_report
from retrieval.feedback.log import (
    delete_old_logs,
    judgements_of,
    log_click,
    log_search,
    set_judgement,
)
from retrieval.feedback.recent_searches import (
    clear_searches,
    count_searches,
    delete_old_searches,
    keep_search,
)

__all__ = [
    "clear_searches",
    "count_searches",
    "delete_old_logs",
    "delete_old_searches",
    "judgements_of",
    "keep_search",
    "log_click",
    "log_search",
    "search_report",
    "set_judgement",
]

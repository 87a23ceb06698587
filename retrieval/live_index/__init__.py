"""The lexical index of this process: it follows the change log and shares snapshots on disk."""

from retrieval.live_index.follower import IndexFollower
from retrieval.live_index.index import (
    current_index,
    delete_outdated_snapshots,
    drop_live_index,
    identified_index,
    index_state,
    live_index,
    snapshot_folder,
)

__all__ = [
    "IndexFollower",
    "current_index",
    "delete_outdated_snapshots",
    "drop_live_index",
    "identified_index",
    "index_state",
    "live_index",
    "snapshot_folder",
]

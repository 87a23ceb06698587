"""What a test needs: its fixtures tell most of it, `pytest.mark` says the rest."""

import pytest

FIXTURES = {
    "database": {"db", "transactional_db", "servers", "live_stack"},
    "stack": {"live_stack"},
    "browser": {"browser"},
    "model": {"cross_encoder"},
    "processes": {"container", "web_server"},
}
# What `pytest --fast` leaves out.
SLOW = ("stack", "browser", "model", "processes", "training", "timing", "volume")


def mark(item: pytest.Item) -> None:
    """Add the markers that the fixtures tell, and the group that pytest-xdist keeps together."""
    fixtures = set(getattr(item, "fixturenames", ()))
    for name, telling in FIXTURES.items():
        if fixtures & telling:
            item.add_marker(name)
    if item.get_closest_marker("django_db"):
        item.add_marker("database")
    together = "stack" if item.get_closest_marker("stack") else item.nodeid.partition("::")[0]
    item.add_marker(pytest.mark.xdist_group(together))


def is_fast(item: pytest.Item) -> bool:
    return not any(item.get_closest_marker(name) for name in SLOW)

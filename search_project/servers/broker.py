"""The embedded broker, Valkey, which speaks Redis: its address."""

from search_project.state import State


def url(state: State) -> str:
    return f"redis://:{state.secret('broker')}@127.0.0.1:{state.port('broker')}/0"

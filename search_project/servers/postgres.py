"""The embedded PostgreSQL with pgvector: its address."""

from search_project.state import State


def url(state: State) -> str:
    return f"postgres://search:{state.secret('postgres')}@127.0.0.1:{state.port('postgres')}/search"

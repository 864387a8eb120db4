"""Fixtures of the tests that run the real programs."""

from collections.abc import Callable, Iterator

import pytest

from tests.programs import Chat, Programs


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """All three programs, started once for the whole run."""
    with Programs(tmp_path_factory.mktemp("var")) as running:
        running.start()
        yield running


@pytest.fixture
def open_chat(programs: Programs) -> Iterator[Callable[..., Chat]]:
    """Open chats as different people; they are closed after the test."""
    chats: list[Chat] = []

    def opened(lang: str | None = None) -> Chat:
        chats.append(Chat(programs, lang))
        return chats[-1]

    yield opened
    for chat in chats:
        chat.http.close()


@pytest.fixture
def chat(open_chat: Callable[..., Chat]) -> Chat:
    """One person at the chat page."""
    return open_chat()

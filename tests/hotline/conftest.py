"""Calls to the real hotline, and at the end of the tests how long they were."""

from collections.abc import Callable, Iterator

import pytest

from tests.hotline.turns import LENGTHS, Caller
from tests.programs import Programs


@pytest.fixture
def calling(programs: Programs) -> Iterator[Callable[[str], Caller]]:
    """Calls the hotline from a number."""
    callers: list[Caller] = []

    def called(number: str) -> Caller:
        callers.append(Caller(programs, number))
        return callers[-1]

    yield called
    for one in callers:
        one.hang_up()
        one.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how long calls are and what they cost: that is what callers pay for."""
    if LENGTHS:
        terminalreporter.section("calls to the hotline")
        for line in LENGTHS:
            terminalreporter.line(line)

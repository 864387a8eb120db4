"""People who chat through the fake providers."""

from collections.abc import Callable, Iterator

import pytest

from tests.channels.person import ProviderChat
from tests.programs import Programs

Comes = Callable[[str], ProviderChat]


@pytest.fixture
def comes(programs: Programs) -> Iterator[Comes]:
    """Let somebody new write on a channel; what our channel must not do to a provider fails the test."""
    before = {name: len(fake.faults()) for name, fake in programs.fakes.items()}
    yield lambda channel: ProviderChat(programs, channel)
    for name, fake in programs.fakes.items():
        assert [one for one in fake.faults()[before[name] :] if not one["kind"].startswith("webhook_")] == []

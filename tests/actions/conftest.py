"""Fixtures of the action server's tests."""

from collections.abc import Iterator

import pytest

from tests.actions.fake_backend import FakeBackend


@pytest.fixture
def backend() -> Iterator[FakeBackend]:
    """A backend that does as it is told."""
    fake = FakeBackend()
    yield fake
    fake.stop()

"""Runs asyncio in a test whose thread may have a running loop already, as after a browser test."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor


def run[T](work: Coroutine[object, object, T]) -> T:
    """Run to the end in a loop and a thread of its own, and return or raise what came of it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work)).result()

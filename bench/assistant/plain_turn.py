"""One person at a time: how long a plain turn takes."""

from bench.assistant.running import Running


async def plain_turns(running: Running, conversations: int) -> list[float]:
    """Return the milliseconds of every turn of `conversations` conversations, one after the other."""
    return [ms for _ in range(conversations) for ms in await _conversation(running)]


async def _conversation(running: Running) -> list[float]:
    async with running.somebody() as person:
        return [(await person.say(sentence)).ms for sentence in running.sentences]

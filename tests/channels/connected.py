"""Both fake providers beside the three real programs: each knows where the other is."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx

from tests.fakes.clock import Clock
from tests.fakes.graph import Messenger, MessengerAccess
from tests.fakes.provider import Provider
from tests.fakes.running import running
from tests.fakes.seen import Seen
from tests.fakes.zalo import Zalo, ZaloAccess
from tests.programs import Programs

CALL_WITHIN_S = 60


class Fake(Seen):
    """A running fake provider, connected to the product."""

    def __init__(self, provider: Provider, url: str) -> None:
        super().__init__(provider, httpx.Client(base_url=url, trust_env=False, verify=False, timeout=CALL_WITHIN_S))
        self.name = provider.name
        self.url = url

    def faults(self) -> list[dict[str, Any]]:
        """Return what our channel did that it must not do."""
        return list(self.see("faults"))


@contextmanager
def connected(programs: Programs) -> Iterator[dict[str, Fake]]:
    """Run both fakes for the programs, which are not started yet, and give these what connects them."""
    hooks = {name: f"{programs.base_url}/webhooks/{name}/webhook" for name in ("messenger", "zalo")}
    providers: list[Provider] = [
        Messenger(MessengerAccess(webhook_url=hooks["messenger"]), Clock(), Random()),
        Zalo(ZaloAccess(webhook_url=hooks["zalo"]), Clock(), Random()),
    ]
    with ExitStack() as open_ones:
        for provider in providers:
            fake = Fake(provider, open_ones.enter_context(running(provider)))
            open_ones.callback(fake.http.close)
            programs.environment.update(provider.about()["settings"])
            programs.fakes[provider.name] = fake
        give_tokens(programs.fakes["zalo"], programs.var)
        yield programs.fakes


def give_tokens(zalo: Fake, var: Path) -> None:
    """Put Zalo's newest pair where the product keeps it."""
    pair = zalo.see("tokens")
    kept = {
        "access_token": pair["access_token"],
        "refresh_token": pair["refresh_token"],
        "obtained_at": zalo.provider.clock.now(),
    }
    (var / "zalo_tokens.json").write_text(json.dumps(kept))

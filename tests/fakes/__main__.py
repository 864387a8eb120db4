"""`make fakes`: both fake providers, until Ctrl-C. `python -m tests.fakes --help` names the settings."""

import argparse
import asyncio
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from random import Random

from pydantic import TypeAdapter

from tests.fakes.clock import Clock
from tests.fakes.graph import Messenger, MessengerAccess
from tests.fakes.provider import Provider
from tests.fakes.running import server
from tests.fakes.zalo import Zalo, ZaloAccess

PORTS = {"FAKE_MESSENGER_PORT": 5101, "FAKE_ZALO_PORT": 5102}


def from_environment[Access: (MessengerAccess, ZaloAccess)](kind: type[Access], environment: Mapping[str, str]) -> Access:
    """Return what connects a channel, changed by settings like `MESSENGER_APP_SECRET` or `ZALO_WEBHOOK_URL`."""
    prefix = "MESSENGER" if kind is MessengerAccess else "ZALO"
    here = kind.webhook_url.replace("5005", environment.get("PORT", "5005"))
    given = {"webhook_url": here} | {
        one.name: environment[name] for one in fields(kind) if (name := f"{prefix}_{one.name.upper()}") in environment
    }
    return TypeAdapter(kind).validate_python(given)


def announce(provider: Provider) -> None:
    """Print where a provider is and what our channel needs to use it."""
    print(f"\n{provider.name.capitalize()}: chat at {provider.own_url}/   webhooks go to {provider.webhooks.url}")
    for name, value in provider.about()["settings"].items():
        print(f"  {name}={value}")


async def serve(providers: Mapping[str, Provider]) -> None:
    """Run until a signal ends it."""
    servers = [server(provider, int(os.environ.get(name, PORTS[name]))) for name, provider in providers.items()]
    for provider in providers.values():
        announce(provider)
    print("\nZalo's first pair of tokens: GET /fake/tokens there. Ctrl-C stops both.", flush=True)
    running = [asyncio.create_task(one.serve([listening])) for one, listening in servers]
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for one, _ in servers:
        one.should_exit = True
    await asyncio.gather(*running)


def main() -> None:
    """Start both on one clock, so that time passes for both."""
    names = [f"MESSENGER_{one.name.upper()}" for one in fields(MessengerAccess)]
    names += [f"ZALO_{one.name.upper()}" for one in fields(ZaloAccess)]
    settings = f"Settings, from the environment: {', '.join([*PORTS, *names])}."
    argparse.ArgumentParser(prog="python -m tests.fakes", description=__doc__, epilog=settings).parse_args()
    clock, random = Clock(), Random()
    providers = {
        "FAKE_MESSENGER_PORT": Messenger(from_environment(MessengerAccess, os.environ), clock, random),
        "FAKE_ZALO_PORT": Zalo(from_environment(ZaloAccess, os.environ), clock, random),
    }
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(providers))


if __name__ == "__main__":
    main()

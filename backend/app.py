"""Putting the parts together: one core, one application, the senders of messages."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from backend import demo, metrics
from backend.account_page import device, pages
from backend.api import directory, document, health, hotline, official, photos, problems, v1
from backend.api.limits import BodyLimit
from backend.api.measured import Measured
from backend.clock import Clock, OffsetClock, SystemClock
from backend.core import Core
from backend.database import Database
from backend.keys import Keys
from backend.outbox import Channel
from backend.passwords import PasswordHasher
from backend.postman import Postman
from backend.randomness import Randomness, SystemRandomness
from backend.readiness import Readiness
from backend.retention import Sweeper
from backend.settings import Settings
from backend.transports import SmsGateway, SmtpTransport, Transport
from backend.upload_page import routes as upload_page

log = logging.getLogger("backend")


def build_core(
    settings: Settings,
    clock: Clock | None = None,
    randomness: Randomness | None = None,
    database: Database | None = None,
    hasher: PasswordHasher | None = None,
) -> Core:
    """The core for completed settings; in demo mode its clock can be moved."""
    source = randomness or SystemRandomness()
    store = database or Database(settings.database_url)
    metrics.watch_pool(store.engine)
    base = clock or SystemClock()
    return Core(
        settings=settings,
        database=store,
        clock=OffsetClock(base) if settings.demo else base,
        wall=base,
        randomness=source,
        keys=Keys(settings.ring(), source),
        hasher=hasher or PasswordHasher(),
    )


def transports_of(settings: Settings) -> dict[Channel, Transport]:
    """The ways out of real life; raises BadConfiguration for an address that leads nowhere."""
    return {
        "email": SmtpTransport(settings.smtp_url, settings.mail_from),
        "sms": SmsGateway(settings.sms_gateway_url, settings.sms_gateway_token),
    }


def create_app(core: Core, *, threads: bool = True) -> FastAPI:
    """The application; `threads=False` leaves sending to the caller (tests)."""
    settings = core.settings
    demonstration = demo.Demonstration(core) if settings.demo else None
    transports = demonstration.transports() if demonstration is not None else transports_of(settings)
    postman = Postman(core, transports, keep_body=settings.demo)
    core.after_commit = postman.wake
    if demonstration is not None:
        core.after_commit = demonstration.deliver_at_once(postman)

    sweeper = Sweeper(core)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if threads:
            postman.start()
            sweeper.start()
        yield
        sweeper.stop()
        postman.stop()

    app = FastAPI(
        title="Account backend",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # such a redirect is built from the Host header
        openapi_url="/openapi.json" if settings.demo else None,
    )
    app.state.core = core
    app.state.postman = postman
    app.state.sweeper = sweeper
    app.state.readiness = Readiness(core)
    problems.install(app)
    signed = (v1.router, hotline.router, official.router, directory.router, photos.router)
    for router in signed:
        app.include_router(router)
    document.complete(app, *signed)
    app.include_router(pages.router)
    app.include_router(upload_page.router)
    app.include_router(device.router)
    app.include_router(health.router)
    if demonstration is not None:
        demonstration.install(app)
    app.add_middleware(BodyLimit, intake=core.intake)
    app.add_middleware(problems.LastResort, keys=core.keys)
    app.add_middleware(Measured)
    return app

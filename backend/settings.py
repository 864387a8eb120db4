"""Settings from the environment; every limit has a ceiling (or floor) that start-up refuses to pass."""

import os
import re
from email.utils import parseaddr
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.errors import BadConfiguration
from backend.logs import Level

DEMO_SECRETS = {
    "BACKEND_KEY": "demo-backend-key-0123456789abcdef0123",
    "SERVICE_CREDENTIAL": "demo-service-credential-0123456789ab",
    "CHANNEL_CREDENTIAL": "demo-channel-credential-0123456789ab",
}
MIN_SECRET = 32  # characters


def _origin(url: str) -> str:
    if url and not (_is_address(url, ("http", "https")) and urlsplit(url).path in ("", "/")):
        raise ValueError("it must be http(s)://host[:port] without a path")
    return url.rstrip("/")


def _web_address(url: str) -> str:
    if url and not _is_address(url, ("http", "https")):
        raise ValueError("it must be http(s)://host[:port]/path")
    return url


def _mail_server(url: str) -> str:
    if url and not _is_address(url, ("smtp", "smtps", "smtp+starttls")):
        raise ValueError("it must be smtp://, smtps:// or smtp+starttls:// with a host and, if any, a port from 1 to 65535")
    return url


def _is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # what cannot be a port or an IPv6 address; its text may hold a piece of a password
        return False


class Settings(BaseSettings):
    """The one description of the program's surroundings. Times in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, case_sensitive=False, extra="ignore")

    demo: bool = False
    backend_host: str = "127.0.0.1"
    backend_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0  # 0: nobody is told
    var: str = "var"
    log_level: Level = "WARNING"
    database_url: str = ""
    backend_key: str = ""
    service_credential: str = ""
    channel_credential: str = ""
    public_url: Annotated[str, AfterValidator(_origin)] = ""
    smtp_url: Annotated[str, AfterValidator(_mail_server)] = ""
    mail_from: str = "VssID Assistant <no-reply@example.com>"
    sms_gateway_url: Annotated[str, AfterValidator(_web_address)] = ""
    sms_gateway_token: str = ""

    otp_life_s: Annotated[int, Field(ge=30, le=600)] = 300
    otp_tries: Annotated[int, Field(ge=1, le=5)] = 3
    otp_tries_per_day: Annotated[int, Field(ge=1, le=20)] = 10
    otp_tries_consecutive: Annotated[int, Field(ge=1, le=100)] = 30
    otp_resends: Annotated[int, Field(ge=0, le=4)] = 2
    otp_resend_wait_s: Annotated[int, Field(ge=30, le=3600)] = 60
    otp_sends_per_day: Annotated[int, Field(ge=1, le=10)] = 5
    otp_verified_life_s: Annotated[int, Field(ge=60, le=600)] = 600

    sender_wrong_per_hour: Annotated[int, Field(ge=1, le=50)] = 10
    sender_wrong_per_day: Annotated[int, Field(ge=1, le=100)] = 20
    sender_sends_per_day: Annotated[int, Field(ge=1, le=50)] = 10
    address_sends_per_day: Annotated[int, Field(ge=1, le=10)] = 5
    sms_per_five_minutes: Annotated[int, Field(ge=1, le=20_000)] = 5_000
    sms_per_day: Annotated[int, Field(ge=1, le=1_000_000)] = 300_000
    phone_hold_s: Annotated[int, Field(ge=86_400, le=2_592_000)] = 259_200

    closed: str = ""
    draft_life_s: Annotated[int, Field(ge=60, le=3600)] = 1800
    code_searches_per_day: Annotated[int, Field(ge=1, le=10)] = 3
    complaints_per_day: Annotated[int, Field(ge=1, le=50)] = 5
    fraud_reports_per_day: Annotated[int, Field(ge=1, le=50)] = 10
    status_checks_per_day: Annotated[int, Field(ge=1, le=50)] = 10
    photos_per_day: Annotated[int, Field(ge=3, le=300)] = 60
    upload_links_per_day: Annotated[int, Field(ge=1, le=100)] = 20
    upload_link_posts: Annotated[int, Field(ge=1, le=50)] = 10
    upload_link_life_s: Annotated[int, Field(ge=60, le=3600)] = 900
    application_days: Annotated[int, Field(ge=1, le=30)] = 10
    hotline_wrong_per_day: Annotated[int, Field(ge=1, le=10)] = 5
    hotline_resets_per_day: Annotated[int, Field(ge=1, le=5)] = 3
    hotline_resets_per_five_minutes: Annotated[int, Field(ge=1, le=5_000)] = 500
    spoken_password_life_s: Annotated[int, Field(ge=600, le=3600)] = 1800
    spoken_handle_life_s: Annotated[int, Field(ge=10, le=300)] = 120
    reset_password_life_s: Annotated[int, Field(ge=600, le=86400)] = 86400

    breaker_window_s: Annotated[int, Field(ge=300, le=3600)] = 900
    breaker_floor: Annotated[int, Field(ge=10, le=5000)] = 500
    breaker_ratio_percent: Annotated[int, Field(ge=20, le=100)] = 50
    breaker_wrong_per_day: Annotated[int, Field(ge=1, le=100_000)] = 99_000

    login_tries: Annotated[int, Field(ge=1, le=10)] = 5
    login_window_s: Annotated[int, Field(ge=3600, le=86400)] = 86400
    login_delay_s: Annotated[int, Field(ge=10, le=900)] = 30
    login_delay_max_s: Annotated[int, Field(ge=60, le=900)] = 900
    login_idle_s: Annotated[int, Field(ge=60, le=1800)] = 900
    login_pending_life_s: Annotated[int, Field(ge=60, le=600)] = 600
    login_total_s: Annotated[int, Field(ge=600, le=86400)] = 43200
    login_password_age_days: Annotated[int, Field(ge=1, le=366)] = 183

    def completed(self) -> Self:
        """Fill what follows from other settings and check the secrets; raises BadConfiguration."""
        filled: dict[str, str] = {}
        if not self.database_url:
            filled["database_url"] = f"sqlite:///{self.var}/backend.db"
        if not self.public_url and self.demo:
            filled["public_url"] = f"http://127.0.0.1:{self.backend_port}"
        if self.demo:
            missing = {name.lower(): value for name, value in DEMO_SECRETS.items() if not getattr(self, name.lower())}
            filled.update(missing)
            return self.model_copy(update=filled)
        for name in DEMO_SECRETS:
            _check_secret(name, getattr(self, name.lower()))
        _check_different(self)
        for name in ("SMTP_URL", "SMS_GATEWAY_URL", "SMS_GATEWAY_TOKEN", "PUBLIC_URL"):
            if not getattr(self, name.lower()):
                raise BadConfiguration(f"{name} is not set: set it, or set DEMO=1 to try the program without it.")
        if not _is_own_address(self.mail_from):
            raise BadConfiguration("MAIL_FROM is not set to an address of yours: set it, like `Name <no-reply@your.domain>`.")
        return self.model_copy(update=filled)

    def ring(self) -> tuple[str, ...]:
        """The master keys: the first one writes, all of them read."""
        return split_secrets(self.backend_key)

    def closed_names(self) -> set[str]:
        """The tasks and channels that are closed."""
        return set(split_secrets(self.closed))

    def service_credentials(self) -> tuple[str, ...]:
        """The action server's credentials that are accepted now (two while one is being replaced)."""
        return split_secrets(self.service_credential)

    def channel_credentials(self) -> tuple[str, ...]:
        """The channels' vouching keys that are accepted now."""
        return split_secrets(self.channel_credential)


def split_secrets(value: str) -> tuple[str, ...]:
    """The comma-separated values, blanks removed."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def load() -> Settings:
    """Read the environment; raises BadConfiguration with one line that names the setting and its limit."""
    try:
        return Settings().completed()
    except ValidationError as error:
        raise BadConfiguration(" ".join(_explain(dict(item)) for item in error.errors())) from None


def _explain(item: dict[str, object]) -> str:
    location = item["loc"]
    name = str(location[0] if isinstance(location, tuple) else location).upper()
    limits = item.get("ctx")
    given = os.environ.get(name, str(item.get("input")))
    if isinstance(limits, dict) and "le" in limits:
        return f"{name}={given} is past its ceiling of {limits['le']}: set it to at most {limits['le']}."
    if isinstance(limits, dict) and "ge" in limits:
        return f"{name}={given} is below its floor of {limits['ge']}: set it to at least {limits['ge']}."
    return f"{name} cannot be used: {str(item['msg']).removeprefix('Value error, ')}."


def _is_own_address(sender: str) -> bool:
    # example.* reaches nobody (RFC 2606); a sender that is no address would fail with every single mail.
    address = parseaddr(sender)[1]
    local, at, domain = address.partition("@")
    reserved = re.search(r"(^|\.)example(\.(com|net|org))?$", domain.lower())
    return bool(local and at and domain and not reserved and sender.isprintable())


def _check_different(settings: Settings) -> None:
    seen: dict[str, str] = {}
    for name in DEMO_SECRETS:
        for part in set(split_secrets(getattr(settings, name.lower()))):
            if part in seen:
                raise BadConfiguration(f"{name} shares a value with {seen[part]}: give each a value of its own.")
            seen[part] = name


def _check_secret(name: str, value: str) -> None:
    generate = "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
    parts = split_secrets(value)
    if not parts:
        raise BadConfiguration(f"{name} is not set: make one with {generate}, or set DEMO=1 to try the program.")
    for part in parts:
        if part.startswith("demo-"):
            raise BadConfiguration(f"{name} is a demo secret, which outside DEMO=1 is refused: make one with {generate}.")
        if len(part) < MIN_SECRET:
            raise BadConfiguration(f"{name} has fewer than {MIN_SECRET} characters: make one with {generate}.")

"""What mails and SMS say, in Vietnamese and English: no name, no full code, one secret at most."""

from backend.messages.cases import (
    application_decided,
    application_received,
    application_seen_elsewhere,
    change_decided,
    change_requested,
)
from backend.messages.codes import insurance_code, one_time_code
from backend.messages.notices import new_device, password_changed, password_reset
from backend.messages.passwords import temporary_password

__all__ = [
    "application_decided",
    "application_received",
    "application_seen_elsewhere",
    "change_decided",
    "change_requested",
    "insurance_code",
    "new_device",
    "one_time_code",
    "password_changed",
    "password_reset",
    "temporary_password",
]

"""Apps, message senders and letters by name: what a person read on a screen or a sheet of paper."""

import re

from backend.folding import without_accents, words
from backend.official.facts import Row, facts
from backend.official.findings import Finding, Kind, Reason, Verdict
from backend.official.spelling import distance, skeleton

_VERSION = re.compile(r"\bvss ?id\W{0,3}(?:v|ver|version|phien ban|ban)?\W{0,2}(\d{1,4}(?:[.,]\d{1,4}){0,3})(?![\d.,]*\w)")
_APK = re.compile(r"\bapk\b")
# What is added to the app's name to make it sound new or better.
_ADDED = frozenset("pro plus vip premium lite moi mod hack update new max gold 2 3 4 5".split())
_STORY = frozenset("goi nguoi nhan thu tien nop quet keu doi qr giay teamviewer called caller told sms pay paid scan".split())
_PLATFORM_WORDS = frozenset("facebook fb fanpage zalo tiktok youtube messenger telegram".split())


def reported_in(text: str) -> list[Finding]:
    """The reported apps, letters and pages whose whole name stands in the text."""
    found = []
    version = _VERSION.search(without_accents(text))
    plain = " ".join(words(text))
    for row in facts().reported_of("app", "letter", "page"):
        name = " ".join(words(row.normalised))
        if row.kind == "app":
            hit = version is not None and _same_version(version[1], row.normalised.rpartition(" ")[2])
        elif row.kind == "page":
            platform, _, title = name.partition(" ")
            hit = not row.normalised.startswith(("facebook.com", "zalo.me")) and platform in plain and title in plain
        else:
            hit = name in plain
        if hit:
            kind = {"app": Kind.APP, "letter": Kind.LETTER, "page": Kind.PAGE}[row.kind]
            found.append(Finding(Verdict.REPORTED_FRAUD, kind, row.value, (Reason.REPORTED,), row))
    return found


def named_in(text: str) -> list[Finding]:
    """What else the text names: an app, the sender of a message, a page without its address."""
    sender = next((row for row in facts().official_of("sms sender") if text.strip().lower() == row.normalised), None)
    if sender is not None:
        forgeable = (Reason.LISTED, Reason.SENDER_CAN_BE_FORGED)
        return [Finding(Verdict.OFFICIAL, Kind.SMS_SENDER, sender.value, forgeable, sender)]
    plain = words(text)
    apps = {row.normalised: row for row in facts().official_of("app")}
    if _APK.search(" ".join(plain)):
        related = _apps_outside_the_stores() + tuple(apps.values())
        return [Finding(Verdict.SUSPICIOUS, Kind.APP, "apk", (Reason.OUTSIDE_THE_STORES,), related=related)]
    if _PLATFORM_WORDS & set(plain):
        return [Finding(Verdict.UNKNOWN, Kind.PAGE, "", (Reason.NAME_PROVES_NOTHING,))]
    joined = " ".join(plain).replace("vss id", "vssid").replace("vne id", "vneid").split()
    return [found for name, row in apps.items() if (found := _app(name, row, text, joined)) is not None]


def _app(name: str, row: Row, text: str, plain: list[str]) -> Finding | None:
    if name in plain:
        if _VERSION.search(without_accents(text)):
            return Finding(Verdict.UNKNOWN, Kind.APP, row.value, (Reason.NAME_PROVES_NOTHING,), related=(row,))
        after = plain[plain.index(name) + 1 : plain.index(name) + 2]
        if _ADDED & set(after):
            shown = f"{row.value.partition(' ')[0]} {after[0]}"
            return Finding(Verdict.SUSPICIOUS, Kind.APP, shown, (Reason.OTHER_APP_NAME,), related=(row,))
        if _STORY & set(plain):  # somebody tells what others do with the app's name
            return None
        return Finding(Verdict.OFFICIAL, Kind.APP, row.value, (Reason.LISTED,), row)
    near = [word for word in plain if word[:1] == name[0] and distance(skeleton(word), skeleton(name)) <= 1]
    if near:
        return Finding(Verdict.SUSPICIOUS, Kind.APP, near[0], (Reason.MISSPELLED,), related=(row,))
    return None


def _apps_outside_the_stores() -> tuple[Row, ...]:
    return tuple(row for row in facts().reported if row.kind == "app" and not row.normalised)


def _same_version(one: str, other: str) -> bool:
    return re.sub(r"(\.0)+$", "", one.replace(",", ".")) == re.sub(r"(\.0)+$", "", other)

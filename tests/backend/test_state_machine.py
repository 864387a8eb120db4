"""Anything in any order: drafts of every task, time, officers, restarts; a reference model says what must be answered."""

import asyncio
import hashlib
import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from backend_kit import LAN, SetClock, Talk, World, demo_settings, wrong
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from reference_model import DAY, FIELDS, WAIT, Challenge, Draft, Limits, Model, Owner, steps
from sqlalchemy import text

from backend import accounts, answers, migrate, retention, rotation, schema
from backend.accounts import Profile
from backend.app import build_core
from backend.database import Database
from backend.errors import Conflict
from backend.officers import applications, changes
from backend.transports import TransportError

BINH, NEWCOMER, TWIN, NOBODY = "7900000002", "7900000050", "7900000005", "7900000088"
PEOPLE = {
    LAN[0]: Owner(LAN[1], "+84900000001"),
    BINH: Owner("binh@example.com", "+84900000002"),
    TWIN: Owner("twin@example.com", "+84900000005"),
}
PHOTOS = "register_account"
TASKS = [*(["forgot_password"] * 4), "add_email", "change_info", "change_info", PHOTOS, "code_search", "complaint"]
TASKS += ["application_status"]
TALKS = (("one", "ann"), ("two", "ann"), ("three", "bob"))
KEYS = ["a" * 40, "b" * 40]
DOING = [*["send"] * 4, *["right"] * 4, *["wrong"] * 4, *["prove"] * 4, *["submit"] * 4, "old", "old", "foreign", "malformed"]
DOING += ["again", "again", "mail", "cancel", "61", "61", "61", "301", "601"]
EVENTS = [*["wait"] * 4, "lock", "lock", "change", "change", "change", "case", "case", "sweep", "restart", "key", "mail"]
IN_BETWEEN = ["lock", "lock", "elsewhere", "elsewhere", "guess", "resend", "resends", "change", "value", "301", "601"]
WAITS = (1, 58, 61, 240, 301, 540, 601, 1_801, 3_601, DAY)

# What is typed for a field, and what it is folded to; None: it must be refused.
TYPED: dict[str, list[tuple[str, str | None]]] = {
    "code": [(LAN[0], LAN[0]), ("790 000 0002", BINH), ("7900000077", "7900000077"), ("79", None)],
    "email": [("LAN.nguyen@example.com", LAN[1]), ("binh@example.com",) * 2, ("n@example.org",) * 2, ("n@ex\nample.org", None)],
    "phone": [("0912 345 678", "+84912345678"), ("0900000002", "+84900000002"), ("1900 9068", None)],
    "what": [("email", "email"), ("phone", "phone"), ("personal_id", "personal_id"), ("password", None)],
    "proof": [("email", "email"), ("phone", "phone"), ("face", None)],
    "personal_id": [("079190000999", "079190000999"), ("0791", None)],
    "dob": [("14/5/1990", "1990-05-14"), ("2999", None)],
    "text": [("Chậm quá", "Chậm quá"), ("\u200b", None)],
}


def right_fields(task: str, code: str, what: str, proof: str) -> dict[str, str]:
    """What somebody types who means this code."""
    owner = PEOPLE.get(code)
    email = owner.email if owner else "nobody@example.com"
    if task == "forgot_password":
        return {"code": code, "email": email}
    if task == "add_email":
        return {"code": code, "email": "new@example.com"}
    if task == "change_info":
        value = {"email": "fresh@example.com", "phone": "+84912000001", "personal_id": "079190000999"}[what]
        return {"code": code, "what": what, "proof": proof, what: value}
    if task == PHOTOS:
        who = {"code": code, "full_name": "Trần Hoa", "dob": "2001-03-12", "id_number": f"079{code[1:]}"}
        return who | {"phone": f"+849{code[-8:]}", "email": f"applicant{code[-2:]}@example.com", "office": "Bến Thành"}
    if task == "code_search":
        return {"full_name": "Nguyễn Thị Lan", "dob": "1990", "id_number": "079190000001", "province": "79"}
    return {"complaint": {"text": "Chậm"}, "application_status": {"number": "HS1", "id_number": "079190000001"}}[task]


@dataclass(frozen=True)
class Where:
    """A conversation and task (None: as before), and what is said there when nothing was said yet; `bare`: nothing."""

    place: tuple[str, str] | None
    code: str
    what: str
    proof: str
    bare: bool


class Seeded:
    """Randomness that is the same in every run: what fails once fails again, and no guess hits by chance in some runs."""

    def __init__(self) -> None:
        self.count = itertools.count()

    def octets(self, count: int) -> bytes:
        return hashlib.shake_256(str(next(self.count)).encode()).digest(count)

    def below(self, limit: int) -> int:
        return int.from_bytes(self.octets(16), "big") % limit


class CheapHasher:
    """Hashes are not what is tested here."""

    calls, dummy = 0, "dummy"

    def hash(self, password: str) -> str:
        return f"hash of {password}"


class Mailboxes:
    """Everything that reached anybody, by outbox row: the address and the code in it."""

    def __init__(self) -> None:
        self.down = False
        self.received: dict[str, tuple[str, str]] = {}

    def send(self, message: Any, row_id: str, at: int) -> None:
        if self.down:
            raise TransportError("down")
        found = re.findall(r"(?<!\d)\d{6}(?!\d)", message.body)
        self.received[row_id] = (message.to, found[0] if found else "")


class Anything(RuleBasedStateMachine):
    """Three conversations of two senders and a hotline about two accounts, a code that nobody has, and a pair of twins."""

    limits = Limits()
    fresh_database: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.url = type(self).fresh_database()
        self.clock, self.randomness, self.mail = SetClock(), Seeded(), Mailboxes()
        self.ring = KEYS[0]
        self.world = self.start()
        for code, owner in PEOPLE.items():
            personal = f"07919{code[-7:]}" if code != LAN[0] else "079190000001"
            profile = Profile(code, "Nguyễn Thị Lan", "1990-05-14", personal, owner.phone, owner.email, "79")
            with self.world.core.writing() as unit:
                accounts.create(self.world.core, unit, profile, "active", f"first of {code}")
        self.model = Model(self.limits, {code: Owner(owner.email, owner.phone) for code, owner in PEOPLE.items()})
        self.persons = {"079190000001", f"07919{BINH[-7:]}", f"07919{TWIN[-7:]}"}
        self.talks = {name: self.world.talk(name, sender=sender) for name, sender in TALKS}
        self.place = ("one", "forgot_password")
        self.rows: dict[int, str] = {}
        self.codes: dict[tuple[str, str], list[str]] = {}
        self.proved: list[list[Any]] = []
        self.handed_in: dict[str, tuple[dict[str, str], int]] = {}
        self.last_write: tuple[Talk, str, str, Any, str, Any, int] | None = None
        self.sent: list[tuple[str, str, str, str, int]] = []
        self.compared: list[tuple[str, tuple[str, str], int, bool]] = []
        self.passwords = self.read_passwords()
        self.may_change: set[str] = set()
        self.real_matches = answers.matches
        self.steps = itertools.count()
        self.checked = 0
        self.loop = asyncio.new_event_loop()
        answers.matches = self.watched_matches

    def teardown(self) -> None:
        answers.matches = self.real_matches
        self.loop.close()
        self.world.close()

    def start(self) -> World:
        """The application on the database as it stands."""
        limits = self.limits
        changed = {
            "otp_tries": limits.tries,
            "otp_tries_per_day": limits.tries_a_day,
            "otp_tries_consecutive": limits.tries_in_a_row,
            "otp_resends": limits.resends,
            "otp_sends_per_day": limits.sends_a_day,
            "sender_wrong_per_hour": limits.sender_wrong_an_hour,
            "sender_wrong_per_day": limits.sender_wrong_a_day,
            "sender_sends_per_day": limits.sender_sends_a_day,
        }
        configured = demo_settings(backend_key=self.ring, **changed)
        hasher: Any = CheapHasher()
        core = build_core(configured, self.clock, self.randomness, Database(self.url), hasher)
        world = World(core, self.clock)
        world.app.state.postman._transports = {"email": self.mail, "sms": self.mail}
        return world

    def restarted(self) -> None:
        self.world.close()
        self.world = self.start()
        for talk in (*self.talks.values(), *self.twins()):
            talk.world = self.world

    # What is asked, and what must be answered

    def asked(self, talk: Talk, method: str, path: str = "", body: Any = None) -> tuple[str, Any]:
        """The kind of the answer, and the answer; a write is remembered to be repeated."""
        key = f"machine-{next(Talk._keys)}"
        status, told, _ = self.called(talk, method, path, body, key)
        if status == 200:
            self.last_write = (talk, method, path, body, key, told, self.now)
        return "ok" if status == 200 else told["code"], told

    def called(self, talk: Talk, method: str, path: str = "", body: Any = None, key: str | None = None) -> tuple[int, Any, str]:
        """Status, body and Retry-After of one signed request, handed to the application without a client between."""
        url = f"/v1/drafts/{talk.task}{path}"
        content = b"" if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        headers = talk.headers(method, url, content, key) | {"Content-Type": "application/json", "Host": "127.0.0.1:8000"}
        scope = {
            "type": "http",
            "method": method,
            "path": url,
            "raw_path": url.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8_000),
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
        }
        said: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            said.append(message)

        self.loop.run_until_complete(self.world.app(scope, receive, send))
        status = said[0]["status"]
        text_ = b"".join(message.get("body", b"") for message in said[1:])
        assert status < 500, text_
        return status, json.loads(text_), dict(said[0]["headers"]).get(b"retry-after", b"").decode()

    @property
    def now(self) -> int:
        return self.clock.moment

    def at(self, where: Where) -> tuple[Talk, str]:
        """The conversation and task that is meant, mostly the one of the step before; a draft is begun where none is open."""
        self.place = where.place or self.place
        name, task = self.place
        talk = self.talks[name]
        talk.task = task
        if not where.bare and not isinstance(self.model.draft(talk, task, self.now), Draft):
            self.fill(talk, task, where)
        return talk, task

    def fill(self, talk: Talk, task: str, where: Where) -> None:
        """Consent, and everything the task asks for."""
        draft = self.open_draft(talk, task)
        for name, value in right_fields(task, where.code, where.what, where.proof).items():
            if draft.fields.get(name) != value:
                self.put(talk, task, name, value, value)
        if task == PHOTOS and not draft.photos:
            self.world.add_photos(talk)
            draft.photos = True

    def open_draft(self, talk: Talk, task: str) -> Draft:
        kind, _ = self.asked(talk, "PUT")
        assert kind == "ok"
        self.model.open(talk, task, self.now)
        draft = self.model.draft(talk, task, self.now)
        assert isinstance(draft, Draft)
        return draft

    def put(self, talk: Talk, task: str, name: str, typed: str, value: str | None) -> None:
        draft = self.model.draft(talk, task, self.now)
        kind, told = self.asked(talk, "PUT", f"/fields/{name}", {"value": typed})
        known = name in FIELDS[task] or (task == "change_info" and name in ("email", "phone", "personal_id"))
        if not known and not (task == PHOTOS and name == "code"):
            assert kind == "not_found"
        elif isinstance(draft, str):
            assert kind in {draft, *(["bad_value"] if value is None else [])}
        elif value is None:
            assert kind == "bad_value" and typed not in str(told)
        else:
            assert kind == "ok"
            draft.touched = self.now
            self.model.put(draft, task, name, value)

    def send(self, talk: Talk, task: str) -> str:
        sender = talk.sender.sender
        draft = self.model.draft(talk, task, self.now)
        expected = self.model.send(talk, sender, task, self.now)
        kind, told = self.asked(talk, "POST", "/otp")
        if kind == "ok" and told["otp"]["state"] == "verified":
            kind = "proved"
        assert ("sent" if kind == "ok" else kind) in expected, (kind, expected)
        if kind == "ok":
            assert isinstance(draft, Draft)
            self.note_sent(draft.challenges[told["otp"]["purpose"]], talk, told["otp"]["purpose"])
        return kind

    def note_sent(self, challenge: Challenge, talk: Talk, purpose: str) -> None:
        """Who got it: the right address and no other, nobody for a decoy; and no more than may be sent."""
        query = (
            "SELECT o.id, o.reference, c.subject FROM outbox o JOIN challenges c ON c.id = o.reference"
            " WHERE o.kind = 'otp' ORDER BY o.seq DESC LIMIT 1"
        )
        row, reference, subject = self.world.rows(query)[0]
        self.rows[id(challenge)] = row
        address, got = challenge.address if challenge.real else None, self.mail.received.get(row)
        reached = self.reachable(challenge)
        to = ("to", self.model.keyed, address)
        full = self.model.recent(self.model.sends, to, self.now) >= 5
        self.model.sends.setdefault(to, []).append(self.now)
        assert got is None if not reached or full or self.mail.down else got is not None and got[0] == address, (got, address)
        if got is not None:
            self.codes.setdefault((talk.sender.conversation, purpose), []).append(got[1])
        same = [event for event in self.sent if event[0] == reference]
        assert len(same) <= self.limits.resends
        assert all(self.now >= event[4] + WAIT for event in same)
        day = [event for event in self.sent if event[4] > self.now - DAY]
        assert sum(event[1:3] == (subject, purpose) for event in day) < self.limits.sends_a_day
        if not self.model.keyed:
            assert sum(event[3] == talk.sender.sender for event in day) < self.limits.sender_sends_a_day
        self.sent.append((reference, subject, purpose, talk.sender.sender, self.now))

    def cancel(self, talk: Talk, task: str) -> None:
        known = self.model.drafts.get((talk, task))
        self.model.draft(talk, task, self.now)  # expires it if it is time
        kind, told = self.asked(talk, "DELETE")
        assert kind == ("ok" if known else "no_draft")
        if known:
            known.state = "done" if known.state == "done" else "cancelled"
            assert told["state"] == known.state and told["fields"] == {}
            known.fields = {}

    def reachable(self, challenge: Challenge) -> bool:
        """Whether the newest code may reach anybody: the address is still there to be written to."""
        if not challenge.real:
            return False
        owner = self.model.owners.get(challenge.owner or "")
        purpose = challenge.key[-1]
        if owner is None or purpose in ("add_email_new", "change_info_new"):
            return True
        return challenge.address in (owner.reached("email", self.now), owner.reached("sms", self.now))

    def living_code(self, challenge: Challenge | None) -> str:
        """The newest code of the challenge, where it reached its reader."""
        return self.mail.received.get(self.rows.get(id(challenge), ""), ("", ""))[1]

    def answer(self, talk: Talk, task: str, how: str) -> str:
        draft = self.model.draft(talk, task, self.now)
        step = self.model.current(draft, task, self.now) if isinstance(draft, Draft) else None
        challenge = draft.challenges.get(step[0]) if isinstance(draft, Draft) and step else None
        newest = self.living_code(challenge)
        mine = self.codes.get((talk.sender.conversation, step[0] if step else ""), [])
        theirs = [code for place, codes in self.codes.items() if place[0] != talk.sender.conversation for code in codes]
        typed = {
            "right": newest or "000000",
            "wrong": wrong(newest or "123456"),
            "malformed": "mười hai",
            "old": next((code for code in reversed(mine) if code != newest), "000001"),
            "foreign": next((code for code in reversed(theirs) if code != newest), "000002"),
        }[how]
        sure = bool(newest) and typed == newest
        expected = self.model.answer(talk, talk.sender.sender, task, sure, self.now)
        before = len(self.compared)
        kind, told = self.asked(talk, "POST", "/otp/answers", {"code": typed})
        kind = told["result"] if kind == "ok" else kind
        assert kind in expected, (kind, expected)
        if kind == "right":
            assert len(self.compared) == before + 1 and step is not None and challenge is not None
            reached = self.mail.received[self.rows[id(challenge)]]
            assert reached[1] == typed
            self.proved.append([talk, task, step[0], reached[0], self.now, False])
        elif kind not in ("wrong", "expired"):
            assert len(self.compared) == before
        return kind

    def submit(self, talk: Talk, task: str) -> str:
        draft = self.model.draft(talk, task, self.now)
        expected = self.model.submit(talk, talk.sender.sender, task, self.now)
        kind, told = self.asked(talk, "POST", "/submit")
        assert ("done" if kind == "ok" else kind) in expected, (kind, expected)
        if kind == "ok":
            assert isinstance(draft, Draft)
            self.note_done(talk, task, draft, told["outcome"])
        return kind

    def note_done(self, talk: Talk, task: str, draft: Draft, outcome: Any) -> None:
        """Every proof was answered right here, by whoever reads that address, not long ago, and is used up now."""
        fields, owner_code = draft.fields, None
        for purpose, channel, _, new in steps(task, fields):
            challenge = draft.challenges[purpose]
            owner_code = challenge.owner or owner_code
            owner = self.model.owners.get(challenge.owner or "")
            address = fields[new] if new else owner.reached(channel, self.now) if owner else None
            fitting = [
                proof
                for proof in self.proved
                if proof[:4] == [talk, task, purpose, address] and not proof[5] and self.now - proof[4] < 600
            ]
            assert fitting, (task, purpose)
            fitting[-1][5] = True
        if task == "forgot_password":
            assert owner_code is not None
            self.may_change.add(owner_code)
            self.model.end_other_work(owner_code, draft)
        elif task in ("add_email", "change_info"):
            assert owner_code is not None
            what = fields.get("what", "email")
            kept = self.model.requests.items()
            self.model.requests = {number: one for number, one in kept if one[:2] != (owner_code, what)}
            self.model.requests[outcome["number"]] = (owner_code, what, fields[what])
        elif task == PHOTOS:
            self.handed_in[outcome["number"]] = (dict(fields), self.now + 10 * DAY)
        draft.fields = {}

    # Rules

    chances = st.integers(0, 2**64 - 1)

    def drawn(self, chance: int) -> tuple[Random, Where]:
        """Evenly drawn choices: Hypothesis alone repeats itself too much to get through many steps of many tasks."""
        draw = Random(chance + next(self.steps))
        elsewhere = (draw.choice(TALKS)[0], draw.choice(TASKS))
        where = Where(
            place=elsewhere if draw.random() < 0.35 else None,
            code=draw.choice([LAN[0], LAN[0], LAN[0], LAN[0], BINH, NEWCOMER]),
            what=draw.choice(["email", "phone", "personal_id"]),
            proof=draw.choice(["email", "phone"]),
            bare=draw.random() < 0.1,
        )
        return draw, where

    @rule(chance=chances)
    def begin(self, chance: int) -> None:
        """Open or resume, go on after the privacy sentence, say everything, perhaps for somebody else than before."""
        _, where = self.drawn(chance)
        talk, task = self.at(where)
        self.fill(talk, task, where)
        assert self.asked(talk, "PUT", "/consent")[0] == "ok"

    @rule(chance=chances)
    def give(self, chance: int) -> None:
        """One value, another than before or one that cannot be."""
        draw, where = self.drawn(chance)
        talk, task = self.at(where)
        known = [name for name in TYPED if name in FIELDS[task] or (task == "change_info" and name in ("phone", "email"))]
        name = draw.choice(known if known and not where.bare else list(TYPED))
        self.put(talk, task, name, *draw.choice(TYPED[name]))

    @rule(chance=chances)
    def something_in_between(self, chance: int) -> None:
        """A code is sent or even answered; something happens elsewhere; then the answer or the end is tried."""
        draw, where = self.drawn(chance)
        task = draw.choice(["forgot_password", "forgot_password", "add_email", "change_info"])
        if draw.random() < 0.6:
            self.clock.advance(DAY)  # what was used up in the steps before is there again
        talk, _ = self.at(replace(where, place=(draw.choice(TALKS)[0], task), bare=False))
        proved = draw.random() < 0.5
        self.prove(talk, task) if proved else self.send(talk, task)
        draft = self.model.draft(talk, task, self.now)
        code = draft.fields.get("code", LAN[0]) if isinstance(draft, Draft) else LAN[0]
        event = draw.choice(IN_BETWEEN)
        other = next(one for one in self.talks.values() if one.sender.sender != talk.sender.sender)
        if event == "lock" and code in self.model.owners:
            self.lock_or_unlock(code, False)
        elif event in ("elsewhere", "guess"):
            mine, other.task = talk.task, task if event == "guess" else "forgot_password"
            self.fill(other, other.task, replace(where, code=code))
            if event == "guess" and not proved:
                self.answer(talk, task, "wrong")
            if event == "guess":
                self.send(other, other.task)
                while self.answer(other, other.task, "wrong") == "wrong":
                    pass
            else:
                self.prove(other, other.task)
                self.submit(other, other.task)
            talk.task = mine
        elif event == "resend":
            for waited in range(self.limits.tries):
                self.clock.advance(61 * bool(waited))
                self.send(talk, task)
                self.answer(talk, task, "wrong")
        elif event == "resends":
            for _ in range(self.limits.resends + 1):
                self.clock.advance(61)
                self.send(talk, task)
                if draw.random() < 0.3:
                    break
        elif event == "change":
            self.decide_a_change(True)
        elif event == "value":
            name = draw.choice([name for name in TYPED if name in FIELDS[task]])
            self.put(talk, task, name, *draw.choice(TYPED[name]))
        elif event.isdigit():
            self.clock.advance(int(event))
        if not proved:
            self.answer(talk, task, "right")
        self.submit(talk, task)
        if event == "lock" and code in self.model.owners and draw.random() < 0.8:
            self.lock_or_unlock(code, True)

    @rule(chance=chances)
    def and_then_something(self, chance: int) -> None:
        """The same, so that it comes more often."""
        self.something_in_between(chance)

    def prove(self, talk: Talk, task: str) -> None:
        """A code for every step, and its right answer."""
        for _ in range(2):
            if self.send(talk, task) != "ok" or self.answer(talk, task, "right") != "right":
                break

    @rule(chance=chances)
    def go_on(self, chance: int) -> None:
        """Some steps of one conversation."""
        draw, where = self.drawn(chance)
        doing = draw.choices(DOING, k=draw.randint(2, 6))
        for one in doing:
            talk, task = self.at(where)
            where = replace(where, place=None)
            if one == "send":
                if self.send(talk, task) == "daily_limit" and draw.random() < 0.5:
                    self.clock.advance(DAY)
            elif one == "submit":
                self.submit(talk, task)
            elif one == "again":
                self.repeat_the_last_write(other=False)
            elif one == "mail":
                self.mail_stops_or_comes_back()
            elif one == "cancel":
                self.cancel(talk, task)
            elif one == "prove":
                self.prove(talk, task)
            elif one.isdigit():
                self.clock.advance(int(one))
            else:
                if not where.bare and not self.is_asked(talk, task):
                    self.send(talk, task)
                self.answer(talk, task, one)

    def is_asked(self, talk: Talk, task: str) -> bool:
        """Whether a code is waited for."""
        draft = self.model.draft(talk, task, self.now)
        return isinstance(draft, Draft) and any(challenge.state == "sent" for challenge in draft.challenges.values())

    @rule(other=st.booleans())
    def repeat_the_last_write(self, other: bool) -> None:
        """The same key again gives the same answer and does nothing; for anything else it is refused."""
        if self.last_write is None or self.now - self.last_write[6] >= DAY:
            return
        talk, method, path, body, key, told, _ = self.last_write
        talk.task = told.get("task") or told["draft"]["task"]
        compared, received = len(self.compared), len(self.mail.received)
        asked = ("PUT", "/fields/code", {"value": "1"}) if other else (method, path, body)
        _, again, _ = self.called(talk, *asked, key)
        assert (again.get("code") == "key_reused") if other else again == told
        assert (len(self.compared), len(self.mail.received)) == (compared, received)

    @rule(chance=chances)
    def meanwhile(self, chance: int) -> None:
        """Time, officers, keys and machines go their way."""
        draw = Random(chance + next(self.steps))
        event, seconds, yes = draw.choice(EVENTS), draw.choice(WAITS), draw.random() < 0.7
        code = draw.choice([LAN[0], LAN[0], BINH, TWIN])
        if event == "wait":
            self.clock.advance(seconds)
        elif event == "lock":
            self.lock_or_unlock(code, not self.model.owners[code].active)
        elif event == "change":
            self.decide_a_change(yes)
        elif event == "case" and self.handed_in:
            self.decide_an_application(yes)
        elif event == "sweep":
            self.sweep()
        elif event == "restart":
            self.restarted()
        elif event == "key" and not self.model.keyed:
            self.change_the_master_key()
        elif event == "mail":
            self.mail_stops_or_comes_back()

    def lock_or_unlock(self, code: str, active: bool) -> None:
        self.model.owners[code].active = active
        with self.world.core.writing() as unit:
            account = accounts.find(self.world.core, unit.conn, code)
            assert account is not None
            row = {"status": "active" if active else "locked", "id": account.id}
            unit.conn.execute(text("UPDATE accounts SET status = :status WHERE id = :id"), row)

    def decide_a_change(self, approved: bool) -> None:
        core, requests = self.world.core, self.model.requests
        assert {one.number for one in changes.listed(core, "open", 99)} == set(requests)
        if not requests:
            return
        number, (code, what, value) = next(iter(requests.items()))
        owner = self.model.owners[code]
        if not approved:
            changes.reject(core, number, "không khớp")
        elif not owner.active or (what == "personal_id" and value in self.persons):
            with pytest.raises(Conflict):
                changes.approve(core, number)
            return
        else:
            changes.approve(core, number)
            if what == "personal_id":
                self.persons.add(value)
            elif what == "email":
                owner.email = value
            elif owner.phone != value:
                owner.phone, owner.phone_since = value, self.now
        del requests[number]
        with pytest.raises(Conflict):
            changes.approve(core, number)

    def decide_an_application(self, approved: bool) -> None:
        core = self.world.core
        number, (fields, expires_at) = next(iter(self.handed_in.items()))
        code, taken = fields.get("code"), fields["id_number"] in self.persons
        if self.now >= expires_at or (approved and (code is None or taken or code in self.model.owners)):
            with pytest.raises(Conflict):
                applications.approve(core, number) if approved else applications.reject(core, number, "x")
            if self.now < expires_at:
                applications.reject(core, number, "đã có tài khoản")
        elif approved:
            assert code is not None
            applications.approve(core, number)
            self.model.owners[code] = Owner(fields["email"], fields["phone"])
            self.persons.add(fields["id_number"])
            self.may_change.add(code)
        else:
            applications.reject(core, number, "sai ảnh")
        del self.handed_in[number]

    def sweep(self) -> None:
        retention.sweep(self.world.core)
        self.handed_in = {number: one for number, one in self.handed_in.items() if one[1] > self.now}
        kept = self.model.drafts.items()
        self.model.drafts = {place: draft for place, draft in kept if draft.touched > self.now - 30 * DAY}
        idle = self.now - 1_800
        assert not self.world.rows(f"SELECT 1 FROM drafts WHERE state = 'open' AND touched_at <= {idle}")

    def change_the_master_key(self) -> None:
        self.ring = ",".join(reversed(KEYS))
        self.restarted()
        assert all(progress.unreadable == 0 for progress in rotation.rotate(self.world.core))
        self.model.keyed += 1

    def mail_stops_or_comes_back(self) -> None:
        """What waited and is still good arrives."""
        self.mail.down = not self.mail.down
        if not self.mail.down:
            self.clock.advance(6)
            while self.world.app.state.postman.deliver_one():
                pass

    @rule(number=st.sampled_from(["0900000001", "0999999999"]), code=st.sampled_from([LAN[0], BINH, NOBODY]))
    def call_the_hotline(self, number: str, code: str) -> None:
        """A code and the caller's number: a match only for the owner's own, three resets and five misses a day."""
        talk = Talk(self.world, f"call-{next(Talk._keys)}", channel="hotline", task="hotline_password", sender=number)
        assert self.asked(talk, "PUT")[0] == self.asked(talk, "PUT", "/fields/code", {"value": code})[0] == "ok"
        owner, model = self.model.owners.get(code), self.model
        match = owner is not None and owner.reached("sms", self.now) == "+84" + number[1:]
        # An account is counted under its own id, which no change of the master key refills; a code of nobody's is a MAC.
        counted = [("caller", model.keyed, number), ("called", model.keyed if owner is None else 0, code)]
        full = any(
            model.recent(model.wrong, key, self.now) >= 5 or model.recent(model.sends, key, self.now) >= 3 for key in counted
        )
        kind, told = self.asked(talk, "POST", "/submit")
        self.last_write = None
        assert kind == ("daily_limit" if full else "ok")
        if full:
            return
        for key in counted:
            (model.sends if match else model.wrong).setdefault(key, []).append(self.now)
        assert told["outcome"]["result"] == ("match" if match else "no_match")
        if match:
            self.may_change.add(code)
            model.end_other_work(code, None)
            model.drafts.pop((talk, "hotline_password"), None)

    def twins(self) -> list[Talk]:
        """Two strangers who do the same: one about an account that is there (or locked), one about a code nobody has."""
        if not hasattr(self, "_twins"):
            self._twins = [self.world.talk(code, sender=f"stranger-{code}") for code in (TWIN, NOBODY)]
            self.twin_steps = 0
        return self._twins

    @precondition(lambda self: not self.model.keyed)
    @rule(chance=chances)
    def two_strangers_do_the_same(self, chance: int) -> None:
        """Neither sees, at any step, what the other does not."""
        draw = Random(chance + next(self.steps))
        task = draw.choice(["forgot_password", "add_email", "change_info"])
        doing = draw.choices(["new"] * 6 + ["wrong", "wrong", "submit", "cancel", "61", "lock"], k=draw.randint(3, 6))
        ways = [(draw.choice(["email", "phone"]), draw.choice(["email", "phone"])) for _ in doing]
        start = self.now
        seen = []
        self.twin_steps = getattr(self, "twin_steps", 0) + 1
        for talk in self.twins():
            code, told = talk.sender.sender.removeprefix("stranger-"), []
            self.clock.moment = start
            names = {"forgot_password": ("code", "email"), "add_email": ("code",), "change_info": ("code", "what", "proof")}[task]
            for index, (one, (what, proof)) in enumerate(zip(doing, ways, strict=True)):
                if one == "new":  # another conversation of the same stranger
                    talk = Talk(self.world, f"{code}-{self.twin_steps}-{index}", task=task, sender=talk.sender.sender)
                    fields = {"code": code, "email": "twin@example.com", "what": what, "proof": proof}
                    told.append(self.called(talk, "PUT"))
                    told += [self.called(talk, "PUT", f"/fields/{name}", {"value": fields[name]}) for name in names]
                if one in ("new", "61"):
                    self.clock.advance(int(one) if one == "61" else 0)
                    told.append(self.called(talk, "POST", "/otp"))
                elif one == "lock":  # what an officer does to the account shows nowhere
                    if code == TWIN:
                        self.lock_or_unlock(TWIN, not self.model.owners[TWIN].active)
                elif one == "wrong":
                    told.append(self.called(talk, "POST", "/otp/answers", {"code": "abcdef"}))
                elif one == "submit":
                    told.append(self.called(talk, "POST", "/submit"))
                else:
                    told.append(self.called(talk, "DELETE"))
            seen.append([self.unnamed(one) for one in told])
        assert seen[0] == seen[1]
        self.last_write = None

    @staticmethod
    def unnamed(answer: tuple[int, Any, str]) -> tuple[int, Any, str]:
        """The answer without the masked values, which are the asker's own."""
        for view in (answer[1], answer[1].get("draft", {})):
            view.pop("fields", None)
        return answer

    # What holds after every step

    def watched_matches(self, keys: Any, code_mac: str, *parts: str) -> bool:
        """The only place where an answer meets a code: never more often than the limits."""
        equal = self.real_matches(keys, code_mac, *parts)
        self.compared.append((parts[0], (parts[1], parts[2]), self.now, equal))
        return equal

    def check_comparison(self, challenge: str, key: tuple[str, str]) -> None:
        """Three answers a challenge, ten wrong ones in a day about an account and purpose, thirty in a row."""
        limits = self.limits
        assert sum(one[0] == challenge for one in self.compared) <= limits.tries
        mine = [one for one in self.compared if one[1] == key]
        for *_, at, _equal in mine:
            # A right answer ends its challenge; what it compared is not a guess.
            assert sum(not equal and at - DAY < then <= at for *_, then, equal in mine) <= limits.tries_a_day
        runs = [len(list(run)) for equal, run in itertools.groupby(mine, key=lambda one: one[3]) if not equal]
        assert max(runs, default=0) <= limits.tries_in_a_row

    def read_passwords(self) -> dict[str, str]:
        core = self.world.core
        with core.database.read() as conn:
            found = [accounts.get(core, conn, row) for (row,) in conn.execute(text("SELECT id FROM accounts")).all()]
        return {account.profile.bhxh_code: account.password for account in found if account}

    def check_invariants(self, *args: Any, **kwargs: Any) -> None:
        """Called by Hypothesis after every step."""
        super().check_invariants(*args, **kwargs)
        if not hasattr(self, "loop"):
            return
        for compared in self.compared[self.checked :]:
            self.check_comparison(compared[0], compared[1])
        self.checked = len(self.compared)
        with self.world.core.database.read() as conn:
            for query in NEVER:
                found = conn.execute(text(query)).all()
                assert found == [], query
        after = self.read_passwords()
        changed = {code for code, one in after.items() if self.passwords.get(code) != one}
        assert changed == self.may_change
        self.passwords, self.may_change = after, set()


NEVER = (
    # two living codes of one draft and purpose, or of a draft that is over
    "SELECT draft_id FROM challenges WHERE state = 'sent' GROUP BY draft_id, purpose HAVING COUNT(*) > 1",
    "SELECT c.id FROM challenges c JOIN drafts d ON d.id = c.draft_id"
    " WHERE c.state IN ('sent', 'verified') AND d.state IN ('done', 'cancelled')",
    # a personal value in a draft that is over
    "SELECT id FROM drafts WHERE state <> 'open' AND (fields_sealed IS NOT NULL OR code_index IS NOT NULL)",
    "SELECT p.id FROM photos p JOIN drafts d ON d.id = p.draft_id WHERE p.application_id IS NULL AND d.state <> 'open'",
    # two codes of one challenge on their way
    "SELECT reference FROM outbox WHERE kind = 'otp' AND state = 'pending' GROUP BY reference HAVING COUNT(*) > 1",
)

TIGHT = Limits(
    tries=2, tries_a_day=3, tries_in_a_row=4, sends_a_day=4, sender_wrong_an_hour=6, sender_wrong_a_day=8, sender_sends_a_day=8
)


def run(fresh_database: Callable[[], str], limits: Limits, examples: int, steps_each: int) -> None:
    """All examples, the same in every run."""
    machine = type("Anything", (Anything,), {"fresh_database": staticmethod(fresh_database), "limits": limits})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps_each,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # making a failure smaller takes minutes: add Phase.shrink to read one
        ),
    )


@pytest.fixture
def files(tmp_path: Path, migrated: Path) -> Callable[[], str]:
    """A fresh database file at every call."""
    count = itertools.count()

    def fresh() -> str:
        path = tmp_path / f"{next(count)}.db"
        shutil.copy(migrated, path)
        return f"sqlite:///{path}"

    return fresh


@pytest.fixture
def emptied(postgres_database: str) -> Iterator[Callable[[], str]]:
    """The same PostgreSQL database, emptied at every call."""
    database = Database(postgres_database)
    migrate.upgrade(database)

    def fresh() -> str:
        with database.write() as conn:
            for table in reversed(schema.metadata.sorted_tables):
                conn.execute(table.delete())
        return postgres_database

    yield fresh
    database.close()


@pytest.mark.timeout(600)  # so that a busy machine decides nothing
def test_whatever_is_done_in_whatever_order_the_model_is_right(files: Callable[[], str]) -> None:
    run(files, TIGHT, 12, 22)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("limits", [TIGHT, Limits()], ids=["tight", "real"])
def test_the_model_is_right_for_long_too(files: Callable[[], str], limits: Limits) -> None:
    run(files, limits, 500, 60)


@pytest.mark.prove
@pytest.mark.timeout(3_600)
def test_the_model_is_right_on_postgresql_too(emptied: Callable[[], str]) -> None:
    run(emptied, TIGHT, 100, 40)

"""The routes of the checker: shapes, credentials, reports that are kept sealed."""

from typing import Any

import pytest
from backend_kit import World

from backend.case_numbers import ALPHABET, case_number
from backend.errors import Busy
from backend.official import reports
from backend.randomness import SystemRandomness


class Drawn:
    """Randomness that draws what it is told, and real bytes."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = list(numbers)

    def octets(self, count: int) -> bytes:
        return SystemRandomness().octets(count)

    def below(self, limit: int) -> int:
        return self.numbers.pop(0) % limit if self.numbers else 0


def ask(world: World, method: str, path: str, body: Any = None, key: str | None = None, **talk: Any) -> Any:
    return world.client.request(method, f"/v1{path}", json=body, headers=world.talk(**talk).headers(key))


def test_a_verdict_says_why_and_gives_row_source_and_date(world: World) -> None:
    said = ask(world, "POST", "/official_channels/verdicts", {"value": "1900 2525 10"}).json()
    assert (said["verdict"], said["kind"], said["value"], said["reasons"]) == (
        "reported_fraud",
        "number",
        "1900252510",
        ["reported"],
    )
    assert said["matched"]["source"].startswith("https://") and said["matched"]["as_of"] == "2023-11-15"
    assert "19009068" in {row["value"].replace(".", "") for row in said["official"]}
    assert said["others"] == [] and said["related"] == []


def test_a_verdict_changes_nothing_and_wants_no_key(world: World) -> None:
    headers = world.talk().headers()
    del headers["Idempotency-Key"]
    with world.statements() as statements:
        answer = world.client.post("/v1/official_channels/verdicts", json={"value": "bhxh.co"}, headers=headers)
    assert answer.status_code == 200
    assert [one for one in statements if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_the_list_names_what_is_official_and_says_what_is_not_offered(world: World) -> None:
    channels = ask(world, "GET", "/official_channels").json()["channels"]
    offered = {row["value"]: row["offered"] for row in channels}
    assert offered["1900.9068"] and offered["https://baohiemxahoi.gov.vn"]
    assert not offered["8079"] and not offered["1900.9696.68"]
    assert all(row["source"] and row["as_of"] for row in channels)


@pytest.mark.parametrize("body", [{}, {"value": 1}, {"value": "x" * 1025}, {"value": "x", "kind": "phone"}])
def test_a_malformed_question_is_refused(world: World, body: Any) -> None:
    assert ask(world, "POST", "/official_channels/verdicts", body).status_code == 422


def test_a_report_gets_a_number_and_the_verdict_and_is_kept_sealed(world: World) -> None:
    body = {"value": "0943 111 222", "note": "tự xưng Nguyễn Văn A"}
    said = ask(world, "POST", "/fraud_reports", body, channel="zalo").json()
    assert said["number"].startswith("PA-270115-") and said["verdict"] == "unknown"
    row = dict(world.rows("SELECT * FROM fraud_reports")[0]._mapping)
    assert (row["kind"], row["verdict"], row["channel"], row["created_at"]) == ("number", "unknown", "zalo", world.clock.now())
    assert "0943" not in str(row) and "943111222" not in str(row) and "Nguyễn" not in str(row)
    place = {"table": "fraud_reports", "row": row["id"]}
    assert world.core.keys.unseal(row["value_sealed"], column="value", **place) == body["value"]
    assert world.core.keys.unseal(row["note_sealed"], column="note", **place) == body["note"]


def test_reports_of_one_thing_are_counted_together_however_it_was_written(world: World) -> None:
    for value in ("0943111222", "+84 943.111.222", "https://EVIL.com/", "evil.com", "anh  Minh gọi tôi", "Anh Minh gọi tôi"):
        assert ask(world, "POST", "/fraud_reports", {"value": value}).status_code == 200
    assert world.rows("SELECT count(*), count(DISTINCT value_index), count(note_sealed) FROM fraud_reports") == [(6, 3, 0)]


def test_a_report_changes_no_verdict(world: World) -> None:
    for value in ("19009068", "0943111222"):
        before = ask(world, "POST", "/official_channels/verdicts", {"value": value}).json()["verdict"]
        for _ in range(3):
            ask(world, "POST", "/fraud_reports", {"value": value})
        assert ask(world, "POST", "/official_channels/verdicts", {"value": value}).json()["verdict"] == before


def test_a_repeated_report_is_one_report(world: World) -> None:
    first = ask(world, "POST", "/fraud_reports", {"value": "0943111222"}, key="k")
    assert ask(world, "POST", "/fraud_reports", {"value": "0943111222"}, key="k").text == first.text
    assert ask(world, "POST", "/fraud_reports", {"value": "0943111223"}, key="k").json()["code"] == "key_reused"
    assert world.rows("SELECT count(*) FROM fraud_reports") == [(1,)]


def test_a_report_without_a_key_is_refused(world: World) -> None:
    headers = world.talk().headers()
    del headers["Idempotency-Key"]
    assert world.client.post("/v1/fraud_reports", json={"value": "x"}, headers=headers).status_code == 400
    assert world.rows("SELECT count(*) FROM fraud_reports") == [(0,)]


def test_a_report_logs_nothing_of_what_it_says(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ask(world, "POST", "/fraud_reports", {"value": "0943111222", "note": "Nguyễn Văn A"})
    assert "943111222" not in caplog.text and "Nguyễn" not in caplog.text


def test_a_number_that_is_taken_is_drawn_again(world: World) -> None:
    one, two = [0] * 6, [1] * 6
    world.core.randomness = Drawn(*one, *one, *two)
    sender = world.talk().sender
    with world.core.writing() as unit:
        first, _ = reports.report(world.core, unit, sender, "a", "")
        second, _ = reports.report(world.core, unit, sender, "b", "")
    assert (first[-6:], second[-6:]) == (ALPHABET[0] * 6, ALPHABET[1] * 6)
    with pytest.raises(Busy), world.core.writing() as unit:
        reports.report(world.core, unit, sender, "c", "")


def test_a_case_number_bears_the_day_in_vietnam_and_no_letter_that_is_mistaken() -> None:
    late = 1_795_365_000  # 2026-11-22 16:30 UTC
    assert case_number("PA", SystemRandomness(), late)[:10] == "PA-261122-"
    assert case_number("PA", SystemRandomness(), late + 1_800)[:10] == "PA-261123-"
    drawn = {letter for _ in range(500) for letter in case_number("PA", SystemRandomness(), late)[-6:]}
    assert drawn == set(ALPHABET) and not drawn & set("0O1IL5S2Z8BUV")

"""The routes of the checker: shapes, credentials, reports that are kept sealed."""

import re
from typing import Any

import pytest
from backend_kit import World

from backend.case_numbers import ALPHABET, case_number
from backend.randomness import SystemRandomness


def ask(world: World, method: str, path: str, body: Any = None, key: str | None = None, **talk: Any) -> Any:
    return world.talk(**talk).request(method, f"/v1{path}", body, key)


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
    with world.statements() as statements:
        answer = ask(world, "POST", "/official_channels/verdicts", {"value": "bhxh.co"}, key="")
    assert answer.status_code == 200
    written = [one for one in statements if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1 and "nonces" in written[0]


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
    assert said["number"].startswith("PA-") and said["verdict"] == "unknown"
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
    assert ask(world, "POST", "/fraud_reports", {"value": "x"}, key="").status_code == 400
    assert world.rows("SELECT count(*) FROM fraud_reports") == [(0,)]


def test_a_report_logs_nothing_of_what_it_says(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ask(world, "POST", "/fraud_reports", {"value": "0943111222", "note": "Nguyễn Văn A"})
    assert "943111222" not in caplog.text and "Nguyễn" not in caplog.text


def test_a_sender_has_ten_reports_a_day(world: World) -> None:
    for _ in range(10):
        assert ask(world, "POST", "/fraud_reports", {"value": "x"}).status_code == 200
    assert ask(world, "POST", "/fraud_reports", {"value": "x"}).json()["code"] == "daily_limit"
    assert ask(world, "POST", "/fraud_reports", {"value": "x"}, name="other").status_code == 200


def test_a_case_number_holds_no_letter_that_is_mistaken_and_no_run_of_six_digits() -> None:
    numbers = [case_number("PA", SystemRandomness()) for _ in range(500)]
    assert all(re.fullmatch(r"PA-[A-Z0-9]{5}-[A-Z0-9]{5}", number) for number in numbers) and len(set(numbers)) == 500
    drawn = {letter for number in numbers for letter in number[3:].replace("-", "")}
    assert drawn == set(ALPHABET) and not drawn & set("0O1IL5S2Z8BUV")

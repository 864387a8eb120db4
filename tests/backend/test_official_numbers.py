"""Telephone numbers: every way of writing one, and what the lists say about it."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.official import numbers
from backend.official.findings import Kind, Reason, Verdict
from backend.official.verdict import judge

# No example may fail because the machine is slow.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"

# What is typed | the number | verdict | one of its reasons
NUMBERS = """
19009068 | 19009068 | official | listed
1900 9068 | 19009068 | official | listed
1900.9068 | 19009068 | official | listed
1900-90-68 | 19009068 | official | listed
1 9 0 0 9 0 6 8 | 19009068 | official | listed
１９００９０６８ | 19009068 | official | listed
１９００．９０６８ | 19009068 | official | listed
+84 1900 9068 | 19009068 | official | listed
+8419009068 | 19009068 | official | listed
0084 1900 9068 | 19009068 | official | listed
84 1900 9068 | 19009068 | official | listed
tel:19009068 | 19009068 | official | listed
tổng đài 1900 9068 | 19009068 | official | listed
1900 9068 phím 8 | 19009068 | official | listed
1900.9068 bấm phím số 8 | 19009068 | official | listed
1900 9068 ext 8 | 19009068 | official | listed
(1900) 9068 | 19009068 | official | listed
02437899999 | 02437899999 | official | listed
024 37899999 | 02437899999 | official | listed
024.3789.9999 | 02437899999 | official | listed
(024) 3789 9999 | 02437899999 | official | listed
+84 24 3789 9999 | 02437899999 | official | listed
+84 (0)24 3789 9999 | 02437899999 | official | listed
842437899999 | 02437899999 | official | listed
24 3789 9999 | 02437899999 | official | listed
024 37899999 máy lẻ 12 | 02437899999 | official | listed
024 37899999 ext. 12 | 02437899999 | official | listed
024 37899999;ext=12 | 02437899999 | official | listed
0225.326.5616 | 02253265616 | official | listed
024 3793 0209 | 02437930209 | official | office_number
0238 384 4888 | 02383844888 | official | office_number
8079 | 8079 | official | not_offered
nhắn tin tới 8079 | 8079 | official | not_offered
1900969668 | 1900969668 | official | not_offered
1900.9696.68 | 1900969668 | official | not_offered
1900252510 | 1900252510 | reported_fraud | reported
1900 2525 10 | 1900252510 | reported_fraud | reported
+84 1900 2525 10 | 1900252510 | reported_fraud | reported
1900.2525.99 | 1900252599 | reported_fraud | reported_prefix
1900 996635 | 1900996635 | reported_fraud | reported
1900 9966 01 | 1900996601 | reported_fraud | reported_prefix
1900.9966.xx | 19009966 | reported_fraud | reported_prefix
0943803550 | 0943803550 | reported_fraud | reported
0943.803.550 | 0943803550 | reported_fraud | reported
+84 943 803 550 | 0943803550 | reported_fraud | reported
84943803550 | 0943803550 | reported_fraud | reported
+4841900123 | +4841900123 | reported_fraud | reported_prefix
+1900252510 | +1900252510 | reported_fraud | malformed
19009086 | 19009086 | suspicious | like_official_number
19009608 | 19009608 | suspicious | like_official_number
19009069 | 19009069 | suspicious | like_official_number
18009068 | 18009068 | suspicious | like_official_number
1900906868 | 1900906868 | suspicious | like_official_number
1900906 | 1900906 | suspicious | like_official_number
019009068 | 019009068 | suspicious | like_official_number
+19009068 | +19009068 | suspicious | malformed
+1900 9068 | +19009068 | suspicious | malformed
+19001234 | +19001234 | unknown | malformed
19001234 | 19001234 | not_official | one_hotline
1900 1234 56 | 1900123456 | not_official | one_hotline
1900969669 | 1900969669 | not_official | one_hotline
1900 9955 55 | 1900995555 | not_official | one_hotline
1900 9068 (8) | 19009068 | official | listed
1800 1091 | 18001091 | not_official | one_hotline
0934567890 | 0934567890 | unknown | prefix_is_no_evidence
0931111111 | 0931111111 | unknown | prefix_is_no_evidence
0843000000 | 0843000000 | unknown | prefix_is_no_evidence
0521234567 | 0521234567 | unknown | prefix_is_no_evidence
0563123456 | 0563123456 | unknown | prefix_is_no_evidence
0924635000 | 0924635000 | unknown | prefix_is_no_evidence
0949025999 | 0949025999 | unknown | prefix_is_no_evidence
093 | 093 | unknown | prefix_is_no_evidence
đầu số 084 | 084 | unknown | prefix_is_no_evidence
+84563 | 0563 | unknown | prefix_is_no_evidence
0912345678 | 0912345678 | unknown | no_staff_mobiles
0943803551 | 0943803551 | unknown | in_no_list
０９１２ ３４５ ６７８ | 0912345678 | unknown | no_staff_mobiles
+84912345678 | 0912345678 | unknown | no_staff_mobiles
02838203747 | 02838203747 | unknown | former_office_number
028 3854 3392 | 02838543392 | unknown | former_office_number
02812345678 | 02812345678 | unknown | in_no_list
113 | 113 | unknown | in_no_list
+33 1 42 68 53 00 | +33142685300 | unknown | foreign_number
7900000001 | 7900000001 | unknown | malformed
0123 | 0123 | unknown | malformed
12345678901234567890 | 123456789012345 | unknown | malformed
""".strip().split("\n")


@pytest.mark.parametrize("case", NUMBERS)
def test_a_number_is_judged_however_it_is_written(case: str) -> None:
    typed, digits, verdict, reason = case.split(" | ")
    found = judge(typed).finding
    assert (found.kind, found.value, found.verdict) == (Kind.NUMBER, digits, verdict), found
    assert reason in found.reasons
    assert (found.matched is not None) == (verdict in ("official", "reported_fraud"))


def test_every_number_of_the_lists_is_judged_as_its_file_says() -> None:
    for name, verdict in (("official_channels", Verdict.OFFICIAL), ("reported_frauds", Verdict.REPORTED_FRAUD)):
        with (KNOWLEDGE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["kind"] == "phone":
                    for written in (row["value"], row["normalised_value"]):
                        found = judge(written).finding
                        assert (found.verdict, found.matched and found.matched.source) == (verdict, row["source"])
                        assert (Reason.NOT_OFFERED in found.reasons) == (row.get("offered") == "no")
                if row["kind"] == "prefix":
                    expected = Verdict.REPORTED_FRAUD if row["evidence"] == "yes" else Verdict.UNKNOWN
                    assert judge(row["value"].rstrip(".")).finding.verdict is expected, row["value"]


def test_every_phone_of_an_office_of_today_is_official_and_no_former_one_is() -> None:
    with (KNOWLEDGE / "offices.csv").open(encoding="utf-8", newline="") as file:
        offices = [row for row in csv.DictReader(file) if row["phone"]]
    assert len(offices) > 40
    for row in offices:
        for phone in row["phone"].split("; "):
            assert (judge(phone).finding.verdict is Verdict.OFFICIAL) == (row["status"] == "current"), row["unit"]


def test_a_message_with_several_numbers_is_judged_by_the_worst_and_names_the_others() -> None:
    judged = judge("1900 9068 thì thật, còn 1900 2525 10 và 0912 345 678 thì sao ạ?")
    assert judged.finding.value == "1900252510" and judged.finding.verdict is Verdict.REPORTED_FRAUD
    assert [found.value for found in judged.others] == ["0912345678", "19009068"]


def test_two_numbers_with_a_blank_between_them_are_two() -> None:
    assert {judge("1900 9068 1900 2525 10").finding.value} == {"1900252510"}


@pytest.mark.parametrize(
    "text", ["ngày 15/05/2024 tôi mất 8.000 đồng", "mã số 7900000001 của tôi", "otp 123456", "2 cuộc gọi lúc 9 giờ"]
)
def test_dates_sums_and_codes_in_a_sentence_are_no_telephone_numbers(text: str) -> None:
    judged = judge(text)
    assert (judged.finding.kind, judged.finding.reasons) == (Kind.TEXT, (Reason.NOTHING_TO_CHECK,))


def test_what_is_official_and_old_is_not_offered() -> None:
    offered = {row.normalised for row in judge("19009068").official}
    assert offered == {"19009068", "02437899999", "02253265616"}


@pytest.mark.parametrize("piece", ["1 ", "1-", "4.0.", "1.", "19009068 ", "09 ", "1"])
def test_no_message_makes_the_reading_of_numbers_long(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = 0
    read = numbers.read

    def counted(typed: str) -> numbers.Number:
        nonlocal tried
        tried += 1
        return read(typed)

    monkeypatch.setattr(numbers, "read", counted)
    judge((piece * 1024)[:1024])
    assert tried <= 100 * 15 + 10


@unhurried
@given(st.text("0123456789０１２３+ .-()x/", max_size=40))
def test_whatever_is_dialled_gets_a_verdict(typed: str) -> None:
    assert judge(typed).finding.reasons
    assert numbers.read(typed).digits.lstrip("+").isdecimal() or not numbers.read(typed).digits.lstrip("+")


@unhurried
@given(st.integers(0, 9_999_999), st.sampled_from(["093", "084", "052", "056"]))
def test_a_mobile_number_nobody_reported_is_never_a_fraud_by_its_beginning(rest: int, beginning: str) -> None:
    found = judge(f"{beginning}{rest:07d}").finding
    assert found.verdict is Verdict.UNKNOWN and Reason.NO_STAFF_MOBILES in found.reasons

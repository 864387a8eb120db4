"""Offices and facilities: by name, province and position; nothing is invented for what no source gives."""

from typing import Any

import pytest
from backend_kit import World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import knowledge
from backend.directory.book import book
from backend.directory.facilities import Facilities
from backend.directory.inquiry import Inquiry
from backend.directory.offices import Offices
from backend.directory.position import Position, distance_km
from backend.directory.provinces import Provinces
from backend.errors import BadConfiguration, BadValue

# No example may fail because the machine is slow.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

EMPTY_OFFICE = dict.fromkeys(knowledge.rows("offices")[0], "")
EMPTY_FACILITY = dict.fromkeys(knowledge.rows("facilities")[0], "")
PROVINCES = Provinces(knowledge.rows("provinces"))


def office(unit: str, **cells: str) -> dict[str, str]:
    made = {"unit": unit, "level": "cơ sở", "province_new": "Hà Nội", "province_old": "Hà Nội", "status": "current"}
    return {**EMPTY_OFFICE, **made, "source": "s", "as_of": "2026", **cells}


def facility(code: str, name: str, **cells: str) -> dict[str, str]:
    made = {"kind": "bệnh viện", "province_new": "Hà Nội", "province_old": "Hà Nội", "source": "s", "as_of": "2024"}
    return {**EMPTY_FACILITY, **made, "code": code, "name": name, **cells}


def units(**asked: Any) -> list[str]:
    return [hit.row.unit.removeprefix("Bảo hiểm xã hội ") for hit in book().offices.search(Inquiry(**asked)).hits]


def names(kind: str = "", **asked: Any) -> list[str]:
    return [hit.row.name for hit in book().facilities.search(Inquiry(**asked), kind).hits]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ({"name": "cầu giấy"}, "cơ sở Cầu Giấy"),
        ({"name": "BHXH quận Cầu Giấy"}, "cơ sở Cầu Giấy"),
        ({"name": "bhxh cau giay", "province": "hn"}, "cơ sở Cầu Giấy"),
        ({"name": "caugiay"}, "cơ sở Cầu Giấy"),
        ({"name": "phường Nghĩa Đô"}, "cơ sở Cầu Giấy"),
        ({"province": "Cầu Giấy"}, "cơ sở Cầu Giấy"),
        ({"name": "nam từ liêm"}, "cơ sở Từ Liêm"),
        ({"name": "quận 1", "province": "sg"}, "cơ sở Tân Định"),
        ({"province": "hà nội"}, "thành phố Hà Nội"),
        ({"province": "bac giang"}, "tỉnh Bắc Ninh"),
        ({"province": "lai châu"}, "tỉnh Lai Châu"),
    ],
)
def test_an_office_is_found_by_any_spelling(asked: dict[str, str], first: str) -> None:
    assert units(**asked)[0] == first


def test_only_offices_of_today_are_offered() -> None:
    old = {row["unit"] for row in knowledge.rows("offices") if row["status"] != "current"}
    current = {row["unit"] for row in knowledge.rows("offices") if row["status"] == "current"}
    for unit in sorted(old - current):
        assert unit.removeprefix("Bảo hiểm xã hội ") not in units(name=unit, limit=50)
    every = {row["new_name"] for row in knowledge.rows("provinces")}
    found = [hit.row for name in every for hit in book().offices.search(Inquiry(province=name, limit=50)).hits]
    assert len(every) == 34 and len(found) == 140


def test_two_offices_of_one_name_are_both_given() -> None:
    found = book().offices.search(Inquiry(name="bhxh cơ sở Châu Thành"))
    assert {hit.row.province for hit in found.hits[:2]} == {"Đồng Tháp", "An Giang"}


def test_what_an_old_province_had_stands_before_the_rest_of_the_new_one() -> None:
    old = book().facilities.search(Inquiry(province="Bình Dương", limit=50), "bv")
    elsewhere = [hit.row.province_old != "Bình Dương" for hit in old.hits]
    assert elsewhere == sorted(elsewhere) and 0 < sum(elsewhere) < 50
    whole = book().facilities.search(Inquiry(province="tp hcm", limit=50))
    assert {hit.row.province_old for hit in whole.hits} == {"Hồ Chí Minh"}
    assert {hit.row.province for hit in old.hits} == {"Hồ Chí Minh"}


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ({"name": "bv Chợ Rẫy"}, "Bệnh viện Chợ Rẫy"),
        ({"name": "cho ray"}, "Bệnh viện Chợ Rẫy"),
        ({"name": "choray"}, "Bệnh viện Chợ Rẫy"),
        ({"name": "BVĐK Xanh Pôn"}, "Bệnh viện đa khoa Xanh Pôn"),
        ({"name": "bệnh viện xanh pon", "province": "ha noi"}, "Bệnh viện đa khoa Xanh Pôn"),
        ({"name": "bệnh viện quân y 175", "province": "hcm"}, "Bệnh viện 175"),
        ({"name": "01003"}, "Bệnh viện đa khoa Xanh Pôn"),
        ({"name": "bạch mai"}, "Bệnh viện Bạch Mai"),
        ({"name": "ttyt cao bang"}, "Trung tâm y tế thành phố Cao Bằng"),
    ],
)
def test_a_facility_is_found_by_any_spelling(asked: dict[str, str], first: str) -> None:
    assert names(**asked)[0] == first


def test_every_facility_is_found_by_its_own_name_and_its_code() -> None:
    for row in knowledge.rows("facilities")[::97]:
        found = book().facilities.search(Inquiry(name=row["name"], province=row["province_new"], limit=50))
        assert row["name"] in {hit.row.name for hit in found.hits}, row["name"]
        assert book().facilities.search(Inquiry(name=row["code"])).hits[0].row.code == row["code"]


def test_a_kind_is_one_of_the_tables() -> None:
    assert set(names("pk", province="hn", limit=50)) <= {
        row["name"] for row in knowledge.rows("facilities") if row["kind"] == "phòng khám"
    }
    with pytest.raises(BadValue):
        names("nhà thuốc", province="hn")


def test_nothing_asked_or_nothing_there_is_an_empty_answer() -> None:
    for asked in ({}, {"name": "zzzz qqqq"}, {"name": "!!!"}, {"position": Position(21, 105.8)}):
        assert (units(**asked), names(**asked)) == ([], [])


def test_an_ambiguous_town_gives_candidates_and_no_rows() -> None:
    found = book().offices.search(Inquiry(province="Hoàng Mai"))
    assert (found.hits, found.total) == ((), 0)
    assert {one.name for one in found.candidates} == {"Hà Nội", "Nghệ An"}
    assert units(province="Hoàng Mai", name="cầu giấy") == names(province="Hoàng Mai", name="bạch mai") == []


def test_the_nearest_stands_first_and_what_has_no_position_last() -> None:
    table = [
        office("Bảo hiểm xã hội cơ sở Không Rõ"),
        office("Bảo hiểm xã hội cơ sở Xa", lat="16.0", lon="108.2"),
        office("Bảo hiểm xã hội cơ sở Gần", lat="21.03", lon="105.85"),
        office("Bảo hiểm xã hội thành phố Hà Nội", level="tỉnh"),
        office("Bảo hiểm xã hội cơ sở Đóng", lat="21.03", lon="105.85", status="closed 2025-10-01"),
    ]
    here = Position(21.0285, 105.8542)
    found = Offices(table, PROVINCES).search(Inquiry(province="Hà Nội", position=here))
    assert [hit.row.unit.split()[-1] for hit in found.hits] == ["Gần", "Xa", "Nội", "Rõ"]
    assert [hit.distance_km for hit in found.hits] == [0.5, pytest.approx(612, abs=10), None, None]
    alone = Offices(table, PROVINCES).search(Inquiry(position=here))
    assert [hit.row.unit.split()[-1] for hit in alone.hits] == ["Gần", "Xa"]
    without = Offices(table, PROVINCES).search(Inquiry(province="Hà Nội"))
    assert [hit.distance_km for hit in without.hits] == [None] * 4 and without.hits[0].row.level == "tỉnh"


def test_the_nearest_facility_stands_first() -> None:
    table = [
        facility("01001", "Bệnh viện Xa", lat="16.0", lon="108.2"),
        facility("01002", "Bệnh viện Không Rõ"),
        facility("01003", "Bệnh viện Gần", lat="21.03", lon="105.85"),
        facility("97001", "Bệnh viện Quân Đội", province_new="", province_old="", owner="Bộ Quốc phòng"),
    ]
    here = Position(21.0, 105.8)
    facilities = Facilities(table, PROVINCES)
    found = facilities.search(Inquiry(name="bv", province="hn", position=here))
    assert [hit.row.name.split()[-1] for hit in found.hits] == ["Gần", "Xa", "Rõ", "Đội"]
    assert [hit.row.code for hit in facilities.search(Inquiry(position=here)).hits] == ["01003", "01001"]


def test_an_army_hospital_whose_province_nobody_names_stands_behind_those_that_are_there() -> None:
    table = [
        facility("97001", "Bệnh viện 7", province_new="", province_old="", owner="Bộ Quốc phòng"),
        facility("74001", "Bệnh viện Có Tên Rất Dài", province_new="Hồ Chí Minh", province_old="Bình Dương"),
    ]
    found = Facilities(table, PROVINCES).search(Inquiry(name="bv", province="tp hcm"))
    assert [hit.row.code for hit in found.hits] == ["74001", "97001"]


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        (Position(21.0285, 105.8542), Position(10.7769, 106.7009), 1143.6),  # Hà Nội - Hồ Chí Minh
        (Position(0, 0), Position(0, 180), 20015.1),
        (Position(0, 179.5), Position(0, -179.5), 111.2),
        (Position(90, 10), Position(90, -170), 0),
    ],
)
def test_a_distance_is_that_of_the_great_circle(one: Position, other: Position, km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, abs=1.5)


def test_no_row_of_the_tables_has_a_distance_nobody_measured() -> None:
    here = Position(21.0, 105.8)
    found = book().offices.search(Inquiry(province="Hà Nội", position=here, limit=50))
    assert {hit.distance_km for hit in found.hits} == {None}


def test_a_table_with_a_broken_row_or_without_its_file_stops_the_start(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "FOLDER", tmp_path)
    with pytest.raises(BadConfiguration, match="cannot be read"):
        knowledge.rows("offices")
    for text in (
        "a,source,as_of\nx,s,\n",
        "a,source,as_of\nx,,2026\n",
        "a,source,as_of\nx,s\n",
        "a,source,as_of\nx,s,2026,more\n",
    ):
        (tmp_path / "offices.csv").write_text(text, encoding="utf-8")
        with pytest.raises(BadConfiguration, match="row 2"):
            knowledge.rows("offices")


@unhurried
@given(st.text(max_size=60), st.text(max_size=60))
def test_no_question_raises(province: str, name: str) -> None:
    book().offices.search(Inquiry(province=province, name=name))
    book().facilities.search(Inquiry(province=province, name=name))


def ask(world: World, what: str, body: Any) -> Any:
    return world.talk().request("POST", f"/v1/{what}/search", body)


def test_the_routes_answer_with_province_rows_source_and_date(world: World) -> None:
    said = ask(world, "offices", {"province": "bình dương", "limit": 2}).json()
    assert said["province"] == {"name": "Hồ Chí Minh", "old_name": "Bình Dương"} and said["candidates"] == []
    assert len(said["offices"]) == 2 and said["total"] > 20
    first = said["offices"][0]
    assert first["phone"] is None and first["distance_km"] is None and first["source"] and first["as_of"]
    said = ask(world, "facilities", {"name": "chợ rẫy", "kind": "bv", "lat": 10.7, "lon": 106.6}).json()
    assert said["facilities"][0]["code"] == "79048" and said["facilities"][0]["phone"] is None
    assert said["facilities"][0]["distance_km"] is None and said["facilities"][0]["as_of"] == "2024-12-10"
    said = ask(world, "offices", {"province": "hoàng mai"}).json()
    assert said["province"] is None and len(said["candidates"]) == 2 and said["offices"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lat": 21.0}, "bad_value"),
        ({"lon": 105.0}, "bad_value"),
        ({"lat": 91, "lon": 0}, "bad_request"),
        ({"lat": 0, "lon": 181}, "bad_request"),
        ({"limit": 0}, "bad_request"),
        ({"limit": 51}, "bad_request"),
        ({"name": "x" * 257}, "bad_request"),
        ({"where": "x"}, "bad_request"),
    ],
)
def test_a_malformed_search_is_refused(world: World, body: Any, code: str) -> None:
    for what in ("offices", "facilities"):
        refused = ask(world, what, body)
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_an_unknown_kind_is_refused_by_name(world: World) -> None:
    refused = ask(world, "facilities", {"kind": "nhà thuốc"}).json()
    assert (refused["code"], refused["field"], refused["reason"]) == ("bad_value", "kind", "unknown_kind")

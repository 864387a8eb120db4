"""What goes in and out of the directory's routes."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from backend.api.models import Strict
from backend.directory.facilities import Facility
from backend.directory.inquiry import Answer, Hit, Inquiry
from backend.directory.offices import Office
from backend.directory.position import Position
from backend.directory.provinces import Province
from backend.errors import BadValue

Said = Annotated[str, StringConstraints(max_length=256)]


class OfficeSearch(Strict):
    """A province and a name in any spelling, a position in degrees, how many rows at most; each may be left out."""

    province: Said = ""
    name: Said = ""
    lat: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 5

    def inquiry(self) -> Inquiry:
        """The search as the directory takes it; raises BadValue when half a position is given."""
        if self.lat is None and self.lon is None:
            return Inquiry(self.province, self.name, None, self.limit)
        if self.lat is None or self.lon is None:
            raise BadValue("position", "incomplete")
        return Inquiry(self.province, self.name, Position(self.lat, self.lon), self.limit)


class FacilitySearch(OfficeSearch):
    """The same, and a kind of facility."""

    kind: Said = ""


class ProvinceView(BaseModel):
    """A unit of today; `old_name` when a part of it is meant by its name before 07/2025."""

    name: str
    old_name: str | None


class OfficeView(BaseModel):
    """An office; null for what no source gives."""

    unit: str
    level: str
    province: str
    address: str | None
    phone: str | None
    hotline: str
    email: str | None
    website: str | None
    opening_hours: str | None
    manages: tuple[str, ...]
    distance_km: float | None
    source: str
    as_of: str


class FacilityView(BaseModel):
    """A medical facility; null for what no source gives. The code existed at `as_of`; whether a contract runs is not said."""

    code: str
    name: str
    kind: str
    province: str | None
    province_old: str | None
    owner: str | None
    address: str | None
    phone: str | None
    email: str | None
    distance_km: float | None
    source: str
    as_of: str


class FoundView(BaseModel):
    """The province that was understood, or the candidates to ask about; how many rows fit in all."""

    province: ProvinceView | None
    candidates: list[ProvinceView]
    total: int


class OfficesView(FoundView):
    """Offices, the best first."""

    offices: list[OfficeView]


class FacilitiesView(FoundView):
    """Facilities, the best first."""

    facilities: list[FacilityView]


def offices_view(answer: Answer[Office]) -> OfficesView:
    """The answer as JSON has it."""
    return OfficesView(
        province=_province(answer.province),
        candidates=[ProvinceView(name=one.name, old_name=one.old_name) for one in answer.candidates],
        total=answer.total,
        offices=[OfficeView(**_cells(hit, OfficeView)) for hit in answer.hits],
    )


def facilities_view(answer: Answer[Facility]) -> FacilitiesView:
    """The answer as JSON has it."""
    return FacilitiesView(
        province=_province(answer.province),
        candidates=[ProvinceView(name=one.name, old_name=one.old_name) for one in answer.candidates],
        total=answer.total,
        facilities=[FacilityView(**_cells(hit, FacilityView)) for hit in answer.hits],
    )


def _province(province: Province | None) -> ProvinceView | None:
    return ProvinceView(name=province.name, old_name=province.old_name) if province else None


def _cells(hit: Hit[Office] | Hit[Facility], view: type[BaseModel]) -> dict[str, Any]:
    """The row's cells that the view shows, and the distance."""
    named = (name for name in view.model_fields if name != "distance_km")
    return {"distance_km": hit.distance_km} | {name: getattr(hit.row, name) for name in named}

"""`/v1`: offices of the agency and medical facilities. Reads that change nothing."""

from fastapi import APIRouter, Depends, Request

from backend.api.access import CoreDep, caller, spend
from backend.api.directory_models import (
    FacilitiesView,
    FacilitySearch,
    OfficeSearch,
    OfficesView,
    facilities_view,
    offices_view,
)
from backend.api.writes import REFUSALS
from backend.directory.book import book

router = APIRouter(prefix="/v1", dependencies=[Depends(caller)], responses=REFUSALS)


@router.post("/offices/search", response_model=OfficesView)
def search_offices(body: OfficeSearch, request: Request, core: CoreDep) -> OfficesView:
    """The agency's offices by province, name or position; none while the province is ambiguous."""
    spend(core, request)
    return offices_view(book().offices.search(body.inquiry()))


@router.post("/facilities/search", response_model=FacilitiesView)
def search_facilities(body: FacilitySearch, request: Request, core: CoreDep) -> FacilitiesView:
    """Medical facilities by province, name, code, kind or position; none while the province is ambiguous."""
    spend(core, request)
    return facilities_view(book().facilities.search(body.inquiry(), body.kind))

"""The fields by which a list is asked for over HTTP: one for each row of FILTERS, the public ones for everybody."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from contracts.identifiers import parse_number
from runtime.http.app import parsed
from runtime.http.bodies import AS_READ
from runtime.values.fields import Instant
from services.portal.reading.api.places import PlaceInList
from services.portal.reading.search import kinds
from services.portal.reading.search.filters import FILTERS, Filter, Filters

LIMIT = 200  # tickets of one page
SKIP = 100_000  # further in, ask with narrower filters
VALUES = 10  # of one filter that takes several
DIVISION = r"^([0-9]{2,12})?$"  # province to township, "" is the site's own
PUBLIC = tuple(row for row in FILTERS.values() if row.public)


def _field(row: Filter) -> tuple[Any, Any]:
    """Type and default of a filter's field."""
    value: Any = Instant if row.kind.value is datetime else row.kind.value
    if row.kind.many:
        return list[value], Field(default=[], max_length=VALUES, description=row.help)
    if value is str:
        read = Annotated[str, AS_READ] if row.pattern else str
        return read, Field(default="", max_length=row.longest, pattern=row.pattern, description=row.help)
    return value | None, Field(default=None, description=row.help)


def model(name: str, rows: Iterable[Filter], config: ConfigDict | None = None) -> Any:
    """A model with a field for each of the filters."""
    fields: dict[str, Any] = {row.name: _field(row) for row in rows}
    return create_model(name, __config__=config, **fields)


_StaffFields: Any = model("StaffFields", FILTERS.values(), ConfigDict(extra="forbid"))
_PublicFields: Any = model("PublicFields", PUBLIC)


def _asked(form: BaseModel, rows: Iterable[Filter]) -> dict[str, Any]:
    return {row.name: _read(row, getattr(form, row.name)) for row in rows}


def _read(row: Filter, value: Any) -> Any:
    if row.kind is kinds.NUMBER and value:
        return parsed(parse_number, value, "query", row.name)
    return tuple(value) if isinstance(value, list) else value


class ListFilters(_StaffFields):  # type: ignore[misc]  # its fields are the rows of FILTERS
    """The filters of a list for staff, and which part of it."""

    after: PlaceInList = Field(default=None, description="`next` of the answer before: the list goes on behind it")
    skip: int = Field(
        default=0, ge=0, le=SKIP, description="Rows passed over; when matters come meanwhile rows repeat: use `after`"
    )
    limit: int = Field(default=50, ge=1, le=LIMIT)

    def filters(self) -> Filters:
        """As the search has them."""
        return Filters(**_asked(self, FILTERS.values()))


class PublicFilters(_PublicFields):  # type: ignore[misc]  # its fields are the public rows of FILTERS
    """The filters of the public list. A link that somebody shared may carry names of its own: they ask for nothing."""

    division: Annotated[str, AS_READ] = Field(
        default="", pattern=DIVISION, description="A place inside the site; empty is all of it"
    )
    page: int = Field(default=1, description="From the newest on; beyond the last it is the last")
    after: PlaceInList = Field(default=None, description="`older` of another page: the page behind it")
    before: PlaceInList = Field(default=None, description="`newer` of another page: the page before it")

    def asked(self) -> dict[str, Any]:
        """What is asked for, by the name of the filter."""
        return _asked(self, PUBLIC)

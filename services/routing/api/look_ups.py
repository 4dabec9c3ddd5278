"""What can be looked up at routing: the taxonomy, the duty table, grounds, places, and what a unit may promise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from difflib import SequenceMatcher
from heapq import nlargest
from typing import Annotated, Any

from fastapi import FastAPI, Query

from contracts.vocabulary import GROUNDS
from runtime.delivery.ports import Unavailable
from runtime.http.bodies import AS_READ
from runtime.http.problems import Refusal
from runtime.identity.tokens import Staff
from services.routing.api.bodies import PlaceQuestion
from services.routing.domain.assignment.assignment import Assignment
from services.routing.domain.kind.categories import Category
from services.routing.domain.unit.standards import allowed
from services.routing.ports import Directory, Kinds, Places, Standards, offered

NEAREST = 3  # categories named when one is not known


@dataclass(frozen=True, slots=True)
class LookUps:
    """What anybody on the staff may look up. ``now``: domain time.

    ``is_informed``: whether all that is published was read once; until then no standard may only mean none was read.
    """

    directory: Directory
    places: Places
    kinds: Kinds
    standards: Standards
    now: Callable[[], datetime]
    is_informed: Callable[[], bool]

    def choices(self, assignment: Assignment) -> list[dict[str, Any]]:
        """The standards under which the unit that has a matter may accept it, its own first. Raises Unavailable."""
        if not self.is_informed():
            raise Unavailable("the catalogue of standards is not read yet")
        unit, catalogue = self.directory.unit(assignment.unit), offered(self.standards.published())
        found = allowed(unit.standards if unit else (), assignment.category, catalogue, self.now())
        return [catalogue[promise].model_dump(mode="json") for promise in found]

    def named(self, codes: Iterable[str]) -> dict[str, str]:
        """Code → name, from the province down."""
        return {code: self.places.name(code) for code in codes if code}


def known(kinds: Kinds, category: str) -> str:
    """A category of the taxonomy, or "". Raises a 422 that names the nearest ones."""
    if not category or any(each.code == category for each in kinds.all()):
        return category
    near = nearest(category, kinds.all())
    zh = f"分类体系中没有此类别。相近的有：{'、'.join(f'{each.code} {each.zh}' for each in near)}。"
    en = f"No such category. The nearest are: {', '.join(f'{each.code} ({each.en})' for each in near)}."
    named = {"pointer": "/category", "code": "category_unknown", "zh": zh, "en": en}
    raise Refusal(422, "category_unknown", zh, en, errors=[named])


def nearest(typed: str, categories: Sequence[Category]) -> list[Category]:
    """Those whose code or name is most like what was typed, best first."""

    def likeness(category: Category) -> float:
        names = (category.code, category.zh, category.en)
        return max(SequenceMatcher(None, typed.casefold(), name.casefold()).ratio() for name in names)

    return nlargest(NEAREST, categories, key=likeness)


def look_up(app: FastAPI, shelf: LookUps) -> None:
    """Lay the routes of what is the same for everybody."""

    @app.get("/v1/units")
    async def units(
        county: Annotated[str, AS_READ, Query(pattern=r"^[0-9]{6}$")], staff: Staff
    ) -> list[dict[str, Any]]:
        """职能表: the units that act in a county, with their duties and the standards that they may choose.

        Of a county that ended, those of the place that it became.
        """
        today = shelf.places.resolve(county, (), "").county or county
        return [asdict(unit) for unit in shelf.directory.units(today)]

    @app.get("/v1/categories")
    async def categories() -> list[dict[str, str]]:
        """分类体系: majors first; a minor's code begins with its major's."""
        return [asdict(category) for category in shelf.kinds.all()]

    @app.get("/v1/return-grounds")
    async def grounds() -> list[dict[str, str]]:
        """退回理由: the list from which a unit returns a matter."""
        return [{"code": code, "zh": zh, "en": en} for code, (zh, en) in GROUNDS.items()]

    @app.post("/v1/divisions/resolve")
    async def resolve(staff: Staff, asked: PlaceQuestion) -> dict[str, Any]:
        """Which division a code, an address and a text name, how sure, and why.

        ``history``: of a code or a name that ended, the changes that lead to the places of today, with year and reason.
        """
        found = shelf.places.resolve(asked.code, (asked.place,), asked.text)
        ended = shelf.places.history(asked.code, (asked.place, asked.text), found)
        unsettled = (code for places in found.unsettled for code in places)
        led_to = (code for each in ended for code in each.places)
        named = shelf.named((found.code, *found.candidates, *unsettled, *led_to))
        return asdict(found) | {"history": [asdict(each) for each in ended], "names": named}

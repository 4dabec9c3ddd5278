"""What the makers share: number, unit, category, standard and voters of the matter."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel

from contracts import values
from contracts.identifiers import number_of
from services.sla.adapters import packaged
from tests.harness import MONDAY, TICKET

BodyT = TypeVar("BodyT", bound=BaseModel)
COUNTY = "431226"
NUMBER = number_of(TICKET, COUNTY)
DIVISION, DIVISION_ZH = "431226100", "湖南省怀化市麻阳苗族自治县高村镇"
UNIT, UNIT_ZH, UNIT_EN = "431226-UB", "麻阳县城市管理和综合执法局", "Urban Management Bureau"
OTHER, LEAD, SUPERVISION = "431226-JT", "431226-LEAD", "431226-SUP"
CATEGORY, CATEGORY_ZH, CATEGORY_EN = "URB.06", "路灯照明", "Street lighting"
STANDARD = next(each.standard for each in packaged.standards() if each.standard.code == "URB-03")
"""Three working days, from the next day on."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHOTO = values.Evidence(kind="photos", uri="https://example.org/1", digest="a" * 64, dated=MONDAY + DAY)


def voters(count: int = 1) -> tuple[values.Voter, ...]:
    return tuple(values.Voter(index=index, code_digest=f"d{index}") for index in range(count))


def made(model: type[BodyT], changed: Mapping[str, object], **given: object) -> BodyT:
    """A body of ``given`` with ``changed`` fields. Raises TypeError on a name that is no field, as a typo is."""
    if unknown := changed.keys() - model.model_fields.keys():
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}: see its class in contracts/messages")
    return model.model_validate({**given, **changed})

"""What may be sent to routing's API, field by field."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from runtime.http.bodies import AS_READ
from runtime.values.fields import Writable

Code = Annotated[str, Field(min_length=1, max_length=40), Writable]
IN_BULK_AT_MOST = 500  # matters in one call


class RoutingBody(BaseModel):
    """The form of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Assignation(RoutingBody):
    """交办 to a unit; the category is mended in the same breath."""

    unit: Code
    category: Annotated[str, Field(max_length=20), Writable] = ""


class Decision(Assignation):
    """交办 of one matter; in a dispute with the reason of the decision (裁定理由)."""

    reason: Annotated[str, Field(max_length=2000), Writable] = ""


class BulkAssignation(Assignation):
    """交办 of many matters to one unit."""

    numbers: Annotated[
        tuple[Annotated[str, Field(max_length=40)], ...], Field(min_length=1, max_length=IN_BULK_AT_MOST)
    ]


class Acceptance(RoutingBody):
    """受理 under a standard of the catalogue."""

    standard: Code


class Return(RoutingBody):
    """退回 with a ground of the list."""

    ground: Code
    explanation: Annotated[str, Field(min_length=1, max_length=2000), Writable]


class UrgencyJudgement(RoutingBody):
    """特急认定, raising or lowering, with its reason."""

    urgent: Annotated[bool, Field(strict=True)]
    reason: Annotated[str, Field(min_length=1, max_length=2000), Writable]


class PlaceQuestion(RoutingBody):
    """What names a place: never in an address, where proxies write down what people say."""

    text: Annotated[str, Field(max_length=20_000)]
    place: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, AS_READ, Field(pattern=r"^([0-9]{0,9}|[0-9]{12})$")] = ""

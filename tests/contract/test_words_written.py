"""Words that come in at any door can stand in every store and in XML 1.0: what cannot is replaced or refused there."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import orjson
import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from contracts.topics import SERVICES
from tests.contract.matter import MatterInHand, matter
from tests.contract.routes import ROUTES

UNFIT = "停\v水\ufffe三\x01天\uffff了\x1f"
KEPT = "停\n水\ufffd三\ufffd天\ufffd了\ufffd"
KEEP_WORDS = {
    "Submission": {"title", "content", "place", "category", "on_behalf_of"},
    "Reporter": {"name"},
    "CoReporter": {"name"},
    "Supplement": {"text"},
    "Return": {"explanation"},
    "Decision": {"reason"},
    "UrgencyJudgement": {"reason"},
    "MeasureSent": {"text", "person"},
    "PlanBody": {"rule_quoted"},
    "ProgressBody": {"text"},
    "EvidenceSent": {"uri"},
    "Completion": {"explanation"},
    "Evaluation": {"words"},
    "LookBack": {"words"},
    "ChannelBody": {"name", "purpose"},
}
"""Fields that people write freely, by body."""
QUESTIONS = {"PlaceQuestion", "StaffFields", "ListFilters", "AskedEvents", "AskedPage", "SmsReply"}
"""What is asked, or only read, is kept nowhere."""
PARSED = {"Resolution": {"number"}}
"""Read as a registration number by the route, which refuses all else."""


@pytest.fixture(scope="module")
async def here() -> AsyncIterator[MatterInHand]:
    with pytest.MonkeyPatch.context() as patch:
        async with matter(patch) as made:
            yield made


def bodies() -> Iterator[type[BaseModel]]:
    """Every model that a module of a service's API declares."""
    for service in SERVICES:
        api = importlib.import_module(f"services.{service}{'.reading' if service == 'portal' else ''}.api")
        for found in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
            module = importlib.import_module(found.name)
            yield from (
                each
                for each in vars(module).values()
                if isinstance(each, type) and issubclass(each, BaseModel) and each.__module__ == module.__name__
            )


def read(field: FieldInfo, typed: str) -> str | None:
    """What the field makes of what was typed; None when it refuses it."""
    kind: Any = Annotated[field.annotation, "", *field.metadata]
    try:
        value: object = TypeAdapter(kind).validate_python(typed)
    except ValidationError:
        return None
    return value if isinstance(value, str) else None


def taking(models: Iterator[type[BaseModel]], *outcomes: str) -> dict[str, set[str]]:
    """Fields, by model, that make one of the outcomes of what is unfit."""
    found = {
        model.__name__: {name for name, field in model.model_fields.items() if read(field, UNFIT) in outcomes}
        for model in models
    }
    return {name: fields for name, fields in found.items() if fields}


def test_no_field_of_any_body_keeps_what_cannot_be_written() -> None:
    found = {name: fields for name, fields in taking(bodies(), UNFIT).items() if name not in QUESTIONS}
    assert found == PARSED


def test_every_field_for_words_takes_them_with_the_rest_replaced() -> None:
    taken = taking(bodies(), KEPT)
    assert {name: fields & taken.get(name, set()) for name, fields in KEEP_WORDS.items()} == KEEP_WORDS


def test_a_field_that_is_not_looked_at_would_be_seen() -> None:
    class PlantedBody(BaseModel):
        words: Annotated[str, Field(max_length=99)] = ""

    assert taking(iter([PlantedBody]), UNFIT) == {"PlantedBody": {"words"}}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.service} {route.path}")
async def test_half_a_character_is_replaced_and_refuses_nothing(here: MatterInHand, route: Any) -> None:
    own: dict[str, Any] = {"number": here.number, "numbers": [here.number]}
    body = route.good | {name: value for name, value in own.items() if name in route.good}
    words = next((name for name in ("content", "text", "explanation", "words", "rule_quoted") if name in body), "")
    headers = {"Content-Type": "application/json"} | ({"Query-Code": here.code} if route.who is None else {})
    half = orjson.dumps(body | ({words: "HALF"} if words else {})).replace(b"HALF", b"\\ud83d")
    answer = await here.call(route.service, route.method, route.path, route.who, content=half, headers=headers)
    assert answer.status_code in (200, 201, 202), answer.text

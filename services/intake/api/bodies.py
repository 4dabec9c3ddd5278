"""What may be sent to intake's API, field by field. Unknown fields are refused: a typing error is not lost words."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from runtime.http.bodies import NUL_EN, NUL_ZH

CO_REPORTERS_AT_MOST = 50


def _writable(text: str) -> str:
    """NUL cannot be stored everywhere. (Lone surrogates are no UTF-8: the JSON parser and pydantic refuse them.)"""
    if "\0" in text:
        raise PydanticCustomError("bad_character", NUL_EN, {"zh": NUL_ZH})
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(_writable)]
Text = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_writable)]
Phone = Annotated[str, Field(pattern=r"^[0-9+][0-9 -]{4,19}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$"), AfterValidator(_writable)]


class IntakeBody(BaseModel):
    """The base of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Reporter(IntakeBody):
    """Somebody who reports. ``channel``: how to be told."""

    name: Line | None = None
    phone: Phone | None = None
    email: Email | None = None
    id_number: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$")] | None = None
    channel: Literal["sms", "email", "none"] | None = None
    language: Literal["zh", "en"] = "zh"

    @model_validator(mode="after")
    def _can_be_told(self) -> "Reporter":
        if (self.channel == "sms" and not self.phone) or (self.channel == "email" and not self.email):
            zh, en = (
                "选择了此通知方式，请填写对应的手机号或邮箱。",
                "To be told this way, give the phone or the e-mail.",
            )
            raise PydanticCustomError("channel_without_address", en, {"zh": zh})
        return self


class CoReporter(Reporter):
    """A neighbour who reports the same matter; the query code goes to them, so they must be reachable."""

    @model_validator(mode="after")
    def _reachable(self) -> "CoReporter":
        if not self.phone and not self.email:
            zh, en = (
                "联名人须有手机号或邮箱，以便收取查询码。",
                "A co-reporter needs a phone or e-mail to get the code.",
            )
            raise PydanticCustomError("unreachable", en, {"zh": zh})
        return self


class Submission(IntakeBody):
    title: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_writable)]
    content: Text
    reporter: Reporter | None = None
    co_reporters: Annotated[list[CoReporter], Field(max_length=CO_REPORTERS_AT_MOST)] = []
    place: Line | None = None
    division: Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9})$")] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Annotated[float, Field(ge=-180, le=180)] | None, Field(validate_default=True)] = None
    category: Line | None = None
    on_behalf_of: Line | None = None

    @field_validator("longitude")
    @classmethod
    def _a_pair(cls, longitude: float | None, before: ValidationInfo) -> float | None:
        """Half a pair of coordinates is nowhere; the half that is missing is named."""
        if "latitude" in before.data and (longitude is None) != (before.data["latitude"] is None):
            zh, en = "纬度与经度须同时填写。", "Latitude and longitude belong together: send both or neither."
            raise PydanticCustomError("half_a_pair", en, {"zh": zh})
        return longitude

    def canonical(self) -> bytes:
        """Form 1: the sent fields, sorted, in UTF-8 JSON. Two bodies are the same when these bytes are."""
        return orjson.dumps(self.model_dump(exclude_unset=True), option=orjson.OPT_SORT_KEYS)


class Supplement(IntakeBody):
    text: Text


def described(model: type[IntakeBody], *headers: tuple[str, bool]) -> dict[str, Any]:
    """The body, and headers with whether they are required, in the API's description."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = schema.pop("$defs", {})
    content = {"application/json": {"schema": _inlined(schema, inner)}}
    parameters = [
        {"name": name, "in": "header", "required": required, "schema": {"type": "string"}} for name, required in headers
    ]
    return {"requestBody": {"required": True, "content": content}} | ({"parameters": parameters} if headers else {})


def _inlined(schema: Any, inner: dict[str, Any]) -> Any:
    """The schema without references: the models here do not refer to themselves."""
    if isinstance(schema, list):
        return [_inlined(each, inner) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(inner[schema["$ref"].rpartition("/")[2]], inner)
    return {name: _inlined(value, inner) for name, value in schema.items()}

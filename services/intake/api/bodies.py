"""What may be sent to intake's API, field by field. Unknown fields are refused: a typing error is not lost words."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from contracts.sealed import REACHED_BY
from runtime.http.bodies import AS_READ, with_lf
from runtime.values import phones
from runtime.values.fields import Email, IdNumber, Phone, Width, Writable

CO_REPORTERS_AT_MOST = 50
NO_SMS_ZH = "短信发不到固定电话和400、800号码：请填手机号，或改选邮箱通知。"
NO_SMS_EN = "No SMS goes to a fixed line, a 400 or an 800 number: give a mobile number, or choose e-mail."

Line = Annotated[str, Field(max_length=200), Writable]
Text = Annotated[str, Field(min_length=1, max_length=20_000), Writable]


class IntakeBody(BaseModel):
    """The base of everything that is sent in."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Permit(IntakeBody):
    """A document other than the resident identity card."""

    kind: Literal["passport", "hk_macao_permit", "taiwan_permit", "foreigner_card", "military_card", "other"]
    number: Annotated[str, Width, Field(pattern=r"^[A-Za-z0-9()/ -]{4,40}$")]


class Reporter(IntakeBody):
    """Somebody who reports. ``channel``: how to be told; ``id_number``: of the resident identity card alone."""

    name: Line | None = None
    phone: Phone | None = None
    email: Email | None = None
    id_number: IdNumber | None = None
    permit: Permit | None = None
    channel: Literal["sms", "email", "none"] | None = None
    language: Literal["zh", "en"] = "zh"

    @model_validator(mode="after")
    def _can_be_told(self) -> "Reporter":
        if self.channel and self.channel != "none" and not getattr(self, REACHED_BY[self.channel]):
            zh, en = (
                "选择了此通知方式，请填写对应的手机号或邮箱。",
                "To be told this way, give the phone or the e-mail.",
            )
            raise PydanticCustomError("channel_without_address", en, {"zh": zh})
        if self.channel and self.channel != "none" and not self.is_reached_by(self.channel):
            raise PydanticCustomError("no_sms_there", NO_SMS_EN, {"zh": NO_SMS_ZH})
        return self

    def is_reached_by(self, channel: str) -> bool:
        """Whether a message by this channel gets to an address that was given; no SMS gets to a fixed line."""
        address = getattr(self, REACHED_BY[channel])
        return bool(phones.sms_number(address or "") if channel == "sms" else address)


class CoReporter(Reporter):
    """A neighbour who reports the same matter; the query code goes to them, so they must be reachable."""

    @model_validator(mode="after")
    def _reachable(self) -> "CoReporter":
        if not any(self.is_reached_by(channel) for channel in REACHED_BY):
            zh, en = (
                "联名人须有手机号或邮箱，以便收取查询码；短信发不到固定电话。",
                "A co-reporter needs a mobile number or an e-mail to get the code; no SMS goes to a fixed line.",
            )
            raise PydanticCustomError("unreachable", en, {"zh": zh})
        return self


class Submission(IntakeBody):
    title: Annotated[str, Field(min_length=1, max_length=200), Writable]
    content: Text
    reporter: Reporter | None = None
    co_reporters: Annotated[list[CoReporter], Field(max_length=CO_REPORTERS_AT_MOST)] = []
    place: Line | None = None
    division: Annotated[str, AS_READ, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")] | None = None
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

    def words(self) -> bytes:
        """What was sent, as it is kept: the fields that were sent, sorted, in UTF-8 JSON."""
        return orjson.dumps(self.model_dump(exclude_unset=True), option=orjson.OPT_SORT_KEYS)

    def canonical(self) -> bytes:
        """Form 2: what was meant. Two bodies are the same when these bytes are.

        What is null, empty or as it would be anyway was not sent; every line ends with LF.
        """
        meant = self.model_dump(exclude_defaults=True, exclude_none=True)
        filled = {name: value for name, value in meant.items() if value != {}}
        return orjson.dumps(with_lf(filled), option=orjson.OPT_SORT_KEYS)


def form_1(raw: bytes) -> bytes:
    """The form under which bodies were compared before: the fields as they were typed, sorted."""
    typed = orjson.loads(raw)
    typed |= {name: float(typed[name]) for name in ("latitude", "longitude") if typed.get(name) is not None}
    return orjson.dumps(typed, option=orjson.OPT_SORT_KEYS)


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

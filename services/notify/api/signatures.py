"""Who providers are, by what they sign with: time and body, with their key, just now."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from runtime.http.bodies import limited, without_halves
from runtime.http.problems import Refusal
from services.notify.adapters.sms import signature

WINDOW = timedelta(minutes=5)  # what was signed earlier, or later, is not taken
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ProviderKeys:
    """``keys``: by channel, of those that may report; ``wall``: the time that signatures are held against."""

    wall: Callable[[], datetime]
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)

    def reads(self, model: type[ModelT], channel: str = "") -> Callable[[Request], Awaitable[ModelT]]:
        """A dependency: the body of a call that was signed with the key of the channel, or of the one in its path.

        ``Timestamp``: Unix seconds; ``Signature``: HMAC-SHA256 of ``timestamp.body`` in hexadecimal.
        """

        async def read(request: Request) -> ModelT:
            body = await limited(request)
            self._check(request, channel or request.path_params["channel"], body)
            try:
                return model.model_validate_json(without_halves(body))
            except ValidationError as wrong:
                errors = wrong.errors(include_url=False, include_input=False)
                raise RequestValidationError([each | {"loc": ("body", *each["loc"])} for each in errors]) from None

        return read

    def _check(self, request: Request, channel: str, body: bytes) -> None:
        key = self.keys.get(channel)
        if not key:
            raise _nobody_signs(channel)
        said = request.headers.get("Timestamp", "")
        signed = signature(key.encode(), f"{said}.".encode() + body)
        if not hmac.compare_digest(signed, request.headers.get("Signature", "")):
            raise _not_signed()
        if not said.isdecimal() or abs(self.wall().timestamp() - int(said)) > WINDOW.total_seconds():
            raise _out_of_time()


def _nobody_signs(channel: str) -> Refusal:
    zh, en = "此渠道未配置回执密钥，不接收回执。", "No key is set for this channel: nothing is taken from its provider."
    return Refusal(404, "channel_unknown", zh, en, channel=channel)


def _not_signed() -> Refusal:
    zh = "签名不符：请以约定密钥对“Timestamp.正文”签名（HMAC-SHA256，十六进制），放在 Signature 头。"
    en = "Not signed: HMAC-SHA256 of Timestamp, a full stop and the body, in hexadecimal, belongs into Signature."
    return Refusal(401, "not_signed", zh, en)


def _out_of_time() -> Refusal:
    zh, en = (
        "时间戳超出五分钟，请校时后重新签名再发。",
        "Timestamp is five minutes off: set the clock, sign and send anew.",
    )
    return Refusal(401, "out_of_time", zh, en)

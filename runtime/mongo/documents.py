"""Documents as plain values and back: frozen dataclasses ↔ dicts that MongoDB keeps. Built once per class by cattrs."""

from datetime import datetime
from typing import Any, Generic, TypeVar, cast

import orjson
from cattrs import Converter

from contracts.envelope import Headers

DocumentT = TypeVar("DocumentT")


class Codec(Generic[DocumentT]):
    """Between one dataclass and its plain form. Fields at their default are left out, so that writes stay small."""

    def __init__(self, document: type[DocumentT], *, omit_defaults: bool = True) -> None:
        self._class = document
        self._converter = Converter(omit_if_default=omit_defaults, detailed_validation=False)
        self._converter.register_unstructure_hook(datetime, lambda instant: instant)
        self._converter.register_structure_hook(datetime, lambda instant, _: instant)

    def to_plain(self, document: DocumentT) -> dict[str, Any]:
        """The document as dicts, lists and scalars."""
        return cast("dict[str, Any]", self._converter.unstructure(document, self._class))

    def from_plain(self, plain: dict[str, Any]) -> DocumentT:
        """The document that ``to_plain`` made this from; unknown fields are ignored."""
        return self._converter.structure(plain, self._class)


def pack(headers: Headers) -> bytes:
    """Headers as one small binary; Latin-1, because a poison message may carry any bytes."""
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in headers])


def unpack(packed: bytes) -> Headers:
    """The headers that ``pack`` made this from."""
    return [(name, value.encode("latin-1")) for name, value in orjson.loads(packed)]

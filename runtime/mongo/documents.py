"""Documents as plain values and back: frozen dataclasses ↔ dicts that MongoDB keeps. Built once per class by cattrs."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

import orjson
from cattrs import Converter

from contracts.envelope import Headers

DocumentT = TypeVar("DocumentT")


KIND = "kind"
"""The field that says of which kind a document is, beside its own: no document has one of that name."""
ONE_KIND: Mapping[str, Any] = MappingProxyType({})


class UnknownKind(ValueError):
    """A stored document is of a kind that this build does not know: a later one wrote it."""


class Codec(Generic[DocumentT]):
    """Between dataclasses and their plain form. Fields at their default are left out, so that writes stay small.

    ``kinds``: the classes that ``document`` stands for, by the name that is stored with each; "" is never stored.
    """

    def __init__(
        self,
        document: type[DocumentT],
        *,
        omit_defaults: bool = True,
        kinds: Mapping[str, type[DocumentT]] = ONE_KIND,
    ) -> None:
        self._class, self._kinds = document, dict(kinds)
        self._names = {each: name for name, each in kinds.items()}
        self._converter = Converter(omit_if_default=omit_defaults, detailed_validation=False)
        self._converter.register_unstructure_hook(datetime, lambda instant: instant)
        self._converter.register_structure_hook(datetime, lambda instant, _: instant)

    def to_plain(self, document: DocumentT) -> dict[str, Any]:
        """The document as dicts, lists and scalars."""
        kind = type(document) if self._kinds else self._class
        plain = cast("dict[str, Any]", self._converter.unstructure(document, kind))
        name = self._names.get(kind, "")
        return plain | {KIND: name} if name else plain

    def from_plain(self, plain: dict[str, Any]) -> DocumentT:
        """The document that ``to_plain`` made this from; unknown fields are ignored. Raises UnknownKind."""
        return self._converter.structure(plain, self._kind_of(plain) if self._kinds else self._class)

    def _kind_of(self, plain: Mapping[str, Any]) -> type[DocumentT]:
        name = plain.get(KIND, "")
        if name not in self._kinds:
            raise UnknownKind(f"{self._class.__name__}: {name}")
        return self._kinds[name]


def pack(headers: Headers) -> bytes:
    """Headers as one small binary; Latin-1, because a poison message may carry any bytes."""
    return orjson.dumps([(name, value.decode("latin-1")) for name, value in headers])


def unpack(packed: bytes) -> Headers:
    """The headers that ``pack`` made this from."""
    return [(name, value.encode("latin-1")) for name, value in orjson.loads(packed)]

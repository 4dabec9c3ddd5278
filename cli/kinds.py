"""The kinds of document there are: one of each service, and one more of each part that is a loop over its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cli.serve import wiring_of
from contracts.topics import PARTS, SERVICES
from runtime.delivery.service import Service
from runtime.process.platform import Platform


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """``label``: the service's name, or service.part. ``build``: with nothing behind its ports, where it can be."""

    label: str
    service: str
    of: Callable[[Platform], Service[Any]]
    build: Callable[..., Service[Any]]

    @property
    def part(self) -> str:
        """ "" for a service's main kind."""
        return self.label.partition(".")[2]


def kinds() -> Iterator[DocumentKind]:
    """Main kinds first; a part that is no loop over documents has none."""
    for name in SERVICES:
        yield kind_of(name)
    for label in PARTS:
        name, _, part = label.partition(".")
        if wiring_of(name).PARTS[part].of is not None:
            yield kind_of(label)


def speaking() -> list[DocumentKind]:
    """Those that say facts and take requests: the portal only shows."""
    return [each for each in kinds() if each.service != "portal"]


def kind_of(label: str) -> DocumentKind:
    """The kind of that label."""
    service, _, part = label.partition(".")
    source = wiring_of(service).PARTS[part] if part else wiring_of(service)
    return DocumentKind(label, service, source.of, source.build)

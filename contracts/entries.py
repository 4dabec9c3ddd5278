"""A row of the catalogue: one message type, who says it, who reads it."""

from dataclasses import dataclass

from contracts.envelope import Body, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """One message type. For a request, ``producers`` are the APIs that may put it, ``consumers`` who may decide it."""

    body: type[Body]
    kind: Kind
    topic: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The message type on the wire."""
        return self.body.__name__


def fact(body: type[Body], producers: str, consumers: str, topic: str = "tickets") -> CatalogueRow:
    return CatalogueRow(
        body=body, kind=Kind.FACT, topic=topic, producers=tuple(producers.split()), consumers=tuple(consumers.split())
    )


def request(body: type[Body], api: str, holders: str, topic: str = "tickets") -> CatalogueRow:
    return CatalogueRow(
        body=body,
        kind=Kind.REQUEST,
        topic=topic,
        producers=tuple(api.split()),
        consumers=tuple(holders.split()),
    )

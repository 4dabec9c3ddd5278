"""The ends of a message: what a handler may return. Anything it raises is a bug."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from contracts.envelope import Body

DocumentT_co = TypeVar("DocumentT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[DocumentT_co]):
    """The document as it is from now on, and the facts to be said, in this order.

    ``answer`` is the result told to whoever made the request. ``takes_over`` says that the service holds the baton from
    here on: the loop then hands it, in order, the requests that it had kept.
    """

    document: DocumentT_co
    facts: tuple[Body, ...] = ()
    answer: Mapping[str, str] = field(default_factory=dict)
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class Ignore:
    """The message is not for this state: it was overtaken. Counted by ``code``; nothing else happens."""

    code: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A request gets this refusal as its outcome; a fact that can never be handled is parked."""

    code: str
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keep:
    """A request that may only be decided once this service holds the baton: kept until then."""


Result = Change[DocumentT_co] | Ignore | Reject | Keep

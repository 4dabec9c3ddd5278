"""Affairs of several kinds in one log: each request finds its kind, each knock its document."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from contracts.envelope import Actor, Message, WakeUp
from contracts.messages.draws import SupplyOutside
from runtime.change import Change, Ignore, Reject, Result
from runtime.delivery.service import Reaction, on
from runtime.mongo.documents import Codec, UnknownKind
from services.feedback.domain.affair import Affair
from services.feedback.domain.draw.draws import Draw
from services.feedback.handlers.affairs import AffairHandlers, AffairKind
from services.feedback.handlers.draws import DrawHandlers
from services.feedback.wiring import build_affairs
from tests.facts.draws import announce_draw, supply_outside
from tests.facts.values import COUNTY
from tests.harness import MONDAY, knock, request

SUPERVISOR = Actor(role="supervisor", division=COUNTY, principal="staff:s")


@dataclass(frozen=True, slots=True)
class CountedAffair(Affair):
    """A kind that a test makes up."""

    knocks: int = 0


class CountingHandlers:
    """Counts how often somebody knocked at it."""

    def reacts(self) -> tuple[Reaction[CountedAffair], ...]:
        return (on(WakeUp, self.on_wake_up),)

    def on_wake_up(
        self, document: CountedAffair | None, message: Message[WakeUp], now: datetime
    ) -> Result[CountedAffair]:
        assert document is not None
        return Change(CountedAffair(document.division, document.knocks + 1))


BOTH = AffairHandlers((AffairKind("", Draw, DrawHandlers()), AffairKind("counted", CountedAffair, CountingHandlers())))
A_DRAW = Draw(**dict(announce_draw()) | {"closes": MONDAY, "is_closed": True})
A_COUNT = CountedAffair(COUNTY)
KINDS: dict[str, type[Affair]] = {"": Draw, "counted": CountedAffair}


def test_a_knock_is_answered_by_the_kind_that_it_knocks_at() -> None:
    knocked = knock(WakeUp(service="feedback", due=MONDAY))
    assert BOTH.on_wake_up(A_COUNT, knocked, MONDAY) == Change(CountedAffair(COUNTY, 1))
    assert BOTH.on_wake_up(A_DRAW, knocked, MONDAY) == Ignore("not_due")
    assert BOTH.on_wake_up(None, knocked, MONDAY) == Ignore("not_due")


def test_a_request_of_one_kind_at_the_key_of_another_is_refused() -> None:
    handler = dict(BOTH.reacts())[SupplyOutside]
    asked = request(supply_outside(), actor=SUPERVISOR)
    refused, of_its_own_kind = handler(A_COUNT, asked, MONDAY), handler(A_DRAW, asked, MONDAY)
    assert isinstance(refused, Reject)
    assert isinstance(of_its_own_kind, Reject)
    assert (refused.code, of_its_own_kind.code) == ("other_kind", "outside_not_named")


@pytest.mark.parametrize("affair", [A_DRAW, A_COUNT])
def test_an_affair_is_read_as_what_it_was_written(affair: Affair) -> None:
    codec = Codec(Affair, kinds=KINDS)
    assert codec.from_plain(codec.to_plain(affair)) == affair


def test_a_draw_is_stored_as_it_was_when_there_were_only_draws() -> None:
    service, alone = build_affairs(), Codec(Draw)
    codec = Codec(service.document, kinds=service.kinds)
    assert codec.to_plain(A_DRAW) == alone.to_plain(A_DRAW)
    assert codec.from_plain(alone.to_plain(A_DRAW)) == A_DRAW


def test_a_kind_of_a_later_build_is_not_taken_for_another() -> None:
    with pytest.raises(UnknownKind):
        Codec(Affair, kinds=KINDS).from_plain(Codec(Affair, kinds={"later": CountedAffair}).to_plain(A_COUNT))

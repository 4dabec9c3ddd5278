"""V15: every lowered urgency has a request with a reason. The check, and a log that it must not pass."""

import pytest

from contracts.envelope import Body
from contracts.messages import routing
from simulation.checks import lowered_urgency_has_a_reason
from simulation.history import History, Violated
from tests.harness import fact, request

LOWERED = routing.UrgencyJudged(number="1", urgent=False, level="no", why="person", reason="sealed")
ASKED = routing.JudgeUrgency(urgent=False, reason="sealed", gives_reason=True)


def history_of(*bodies: Body) -> History:
    found = History([])
    said = [request(each) if isinstance(each, routing.JudgeUrgency) else fact(each) for each in bodies]
    found.messages = {"T": said}
    return found


def test_a_lowered_urgency_with_its_request_passes() -> None:
    lowered_urgency_has_a_reason(history_of(ASKED, LOWERED))


@pytest.mark.parametrize("asked", [(), (ASKED.model_copy(update={"reason": "", "gives_reason": False}),)])
def test_a_lowered_urgency_without_a_reason_is_found(asked: tuple[Body, ...]) -> None:
    with pytest.raises(Violated, match=r"^V15 T"):
        lowered_urgency_has_a_reason(history_of(*asked, LOWERED))


def test_one_request_does_not_lower_twice() -> None:
    with pytest.raises(Violated, match=r"^V15 T"):
        lowered_urgency_has_a_reason(history_of(ASKED, LOWERED, LOWERED))

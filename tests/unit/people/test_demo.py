"""What the demonstration makes of what it sees."""

import pytest

from cli.demo.offices import code_in
from cli.demo.portal_view import Memory, Waits, duties_of, seen
from simulation.people import SeenStage, StageReached

NUMBER = "4312260123456789ABC"


def shown(**changed: object) -> dict[str, object]:
    """A ticket as the portal shows it to staff."""
    ticket: dict[str, object] = {
        "number": NUMBER,
        "state": "assigned",
        "unit": "431226-GS",
        "category": "WTR.01",
        "urgent": False,
        "voters": 1,
        "returns": 0,
        "reworks": 0,
        "round": 0,
        "hops": 1,
        "orders": [],
    }
    return ticket | changed


DUTIES = duties_of([{"code": "431226-GS", "duties": ["WTR.01"]}])
ORDER = {"withdrawn": False}


@pytest.mark.parametrize(
    ("changed", "stages"),
    [
        ({}, [(SeenStage.ASSIGNED, 1)]),
        ({"hops": 3}, [(SeenStage.ASSIGNED, 3)]),
        ({"state": "queued", "returns": 1}, [(SeenStage.QUEUED, 2)]),
        (
            {"state": "in_hand", "orders": [ORDER, {"withdrawn": True}]},
            [(SeenStage.IN_HAND, 1), (SeenStage.ORDERED, 1)],
        ),
        ({"state": "rework", "reworks": 2, "round": 2}, [(SeenStage.REWORK, 3)]),
        ({"state": "awaiting_evaluation", "round": 2}, [(SeenStage.AWAITING_EVALUATION, 2)]),
        ({"state": "struck_off", "round": 1, "orders": [ORDER]}, [(SeenStage.STRUCK_OFF, 1)]),
        ({"state": "registered"}, []),
        ({"state": "withdrawn"}, []),
    ],
)
def test_what_the_portal_shows_is_a_stage(changed: dict[str, object], stages: list[tuple[SeenStage, int]]) -> None:
    assert [(each.stage, each.nth) for each in seen(shown(**changed), DUTIES)] == stages


def test_the_duty_table_stands_in_for_candidates() -> None:
    (known,) = seen(shown(), DUTIES)
    assert (known.candidates, known.returned_by) == (("431226-GS",), ())
    (waiting,) = seen(shown(state="queued", category=""), DUTIES, Waits(("431226-A",), ("431226-B",)))
    assert (waiting.candidates, waiting.returned_by) == (("431226-A",), ("431226-B",))


def test_a_stage_is_acted_on_once() -> None:
    memory, what = Memory(), StageReached(ticket=NUMBER, stage=SeenStage.ASSIGNED)
    assert [memory.is_new(what), memory.is_new(what)] == [True, False]
    assert memory.is_new(StageReached(ticket=NUMBER, stage=SeenStage.ASSIGNED, nth=2))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"您反映的事项已登记，登记号 {NUMBER}，查询码 0123456789。", "0123456789"),
        ("登记号 431226 0123 4567 89ABC，查询码 ABCDEFGHJK。", "ABCDEFGHJK"),
        ("登记号 4312269999999999999，查询码 ABCDEFGHJK。", ""),
        (f"登记号 {NUMBER} 已交办。", ""),
    ],
)
def test_a_neighbour_finds_the_code_in_the_sms(text: str, code: str) -> None:
    assert code_in(text, NUMBER) == code

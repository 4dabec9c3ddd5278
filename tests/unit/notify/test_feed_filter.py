"""Who gets which event: by the headers, inside the scope."""

import pytest

from services.notify.domain.feed_filter import ERASED, FeedFilter, FeedScope, OutsideScope, within

LABELS = {"division": "431226", "category": "A0101", "unit": "431226-GS", "origin": ""}
NONE = dict.fromkeys(LABELS, "")
KIND = "duban.ticket.completed.v1"


@pytest.mark.parametrize(
    ("wanted", "passes"),
    [
        (FeedFilter(), True),
        (FeedFilter("4312"), True),
        (FeedFilter("431226"), True),
        (FeedFilter("431225"), False),
        (FeedFilter("431226104"), False),
        (FeedFilter(units=("431226-GS",)), True),
        (FeedFilter(units=("431226-JY",)), False),
        (FeedFilter(types=(KIND,)), True),
        (FeedFilter(types=("duban.ticket.assigned.v1",)), False),
        (FeedFilter(categories=("A0101", "B")), True),
        (FeedFilter(categories=("A01",)), False),
        (FeedFilter(origins=("12345",)), False),
    ],
)
def test_a_filter_reads_type_and_labels(wanted: FeedFilter, *, passes: bool) -> None:
    assert wanted.passes(KIND, LABELS) is passes


def test_an_event_that_says_nothing_of_itself_is_in_no_countys_scope() -> None:
    assert not FeedFilter("43").passes(KIND, NONE)


def test_an_erasure_is_everybodys() -> None:
    nobody = FeedFilter("nowhere", ("nobody",), ("none",), ("none",), ("none",))
    assert nobody.passes(ERASED, NONE)


@pytest.mark.parametrize(
    ("scope", "asked", "gets"),
    [
        (FeedScope("partner", "4312", ""), FeedFilter(), FeedFilter("4312")),
        (FeedScope("partner", "4312", ""), FeedFilter("431226"), FeedFilter("431226")),
        (FeedScope("partner", "4312", "U"), FeedFilter(), FeedFilter("4312", ("U",))),
        (FeedScope("unit", "4312", "U"), FeedFilter(units=("U",)), FeedFilter("4312", ("U",))),
        (FeedScope("unit", "4312", ""), FeedFilter(), FeedFilter("4312", ("nobody",))),
        (FeedScope("supervisor", "4312", "U"), FeedFilter(), FeedFilter("4312")),
        (FeedScope("partner", "", ""), FeedFilter(), FeedFilter("nowhere")),
    ],
)
def test_what_is_asked_for_is_kept_inside_the_scope(scope: FeedScope, asked: FeedFilter, gets: FeedFilter) -> None:
    assert within(scope, asked) == gets


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        (FeedScope("partner", "4312", ""), FeedFilter("4313")),
        (FeedScope("partner", "431226", ""), FeedFilter("4312")),
        (FeedScope("partner", "4312", "U"), FeedFilter(units=("V",))),
        (FeedScope("unit", "4312", "U"), FeedFilter(units=("U", "V"))),
        (FeedScope("supervisor", "", ""), FeedFilter("43")),
    ],
)
def test_what_lies_outside_is_refused(scope: FeedScope, asked: FeedFilter) -> None:
    with pytest.raises(OutsideScope):
        within(scope, asked)

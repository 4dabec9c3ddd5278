"""What people read: rendered from what the handlers really plan, for every audience, channel and language (D4)."""

from itertools import product
from typing import Any

import pytest

from contracts.envelope import Message
from runtime.change import Change
from services.notify.adapters.templates import CHANNELS, LANGUAGES, named, packaged
from services.notify.domain.audiences import UNITS, promise
from services.notify.domain.deliveries import Delivery
from services.notify.domain.digests import DIGEST
from tests.facts.notify import explain_reply
from tests.facts.values import NUMBER, UNIT_ZH
from tests.harness import request
from tests.unit.notify.matters import accepted, assigned, completed, registered
from tests.unit.notify.said import SAID, after, handled, order_withdrawn, ordered, settled

TEMPLATES = packaged("duban.example.cn")


def planned_by(message: Message[Any]) -> tuple[Delivery, ...]:
    """What is planned when a fact begins a matter, or comes to one that is assigned."""
    begins = message.type in ("TicketRegistered", "TicketScreenedOut")
    done = handled(None if begins else after(registered(2), assigned()), message)
    return done.document.items if isinstance(done, Change) else ()


def all_planned() -> dict[str, Delivery]:
    """By the name of its text: of every fact that notify reacts to what it plans."""
    void = after(registered(), assigned(), ordered())
    done = handled(settled(void), order_withdrawn())
    assert isinstance(done, Change)
    asked = handled(after(registered(), completed()), request(explain_reply()))
    assert isinstance(asked, Change)
    items = [item for messages in SAID.values() for message in messages for item in planned_by(message)]
    items += [*done.document.items, *asked.document.items]
    return {named(item.kind, item.audience): item for item in items if item.state == "planned"}


PLANNED = all_planned()


def text_of(item: Delivery, channel: str, language: str) -> str:
    values = {"number": NUMBER, "code": "QUERYCODE1", **dict(item.values)}
    return TEMPLATES.render(named(item.kind, item.audience), language, values, channel)


def test_every_text_belongs_to_something_that_is_said_and_the_other_way_round() -> None:
    joined = {"+".join(kinds) for kinds in TEMPLATES.joins}
    assert set(TEMPLATES.names()) == set(PLANNED) | joined | {"returned/supervision", "stuck/supervision", DIGEST}


@pytest.mark.parametrize(("name", "channel", "language"), list(product(sorted(PLANNED), CHANNELS, LANGUAGES)))
def test_nothing_is_missing_from_what_anybody_reads(name: str, channel: str, language: str) -> None:
    text = text_of(PLANNED[name], channel, language)
    assert "—" not in text
    assert NUMBER in text
    assert text.startswith("【督办】") == (channel == "sms")


@pytest.mark.parametrize(("kinds", "channel", "language"), list(product(TEMPLATES.joins, CHANNELS, LANGUAGES)))
def test_a_joined_text_says_all_that_its_kinds_say(kinds: tuple[str, ...], channel: str, language: str) -> None:
    values = {"number": NUMBER, "code": "QUERYCODE1"}
    values |= {name: value for kind in kinds for name, value in PLANNED[kind].values}
    text = TEMPLATES.render("+".join(kinds), language, values, channel)
    assert "—" not in text
    for value in values.values():
        said_alone = any(value in text_of(PLANNED[kind], channel, language) for kind in kinds)
        assert (value in text) == said_alone


def test_a_unit_reads_of_its_task_and_a_reporter_of_the_unit() -> None:
    unit, reporter = (text_of(PLANNED[name], "sms", "zh") for name in ("assigned/unit", "assigned"))
    assert "请在受理时限内受理或退回" in unit
    assert f"已交 {UNIT_ZH} 办理" in reporter


def test_the_lead_unit_reads_that_an_order_is_a_copy() -> None:
    copy, order = (text_of(PLANNED[f"order/{audience}"], "sms", "zh") for audience in ("lead", "unit"))
    assert ("抄送" in copy, "抄送" in order, "逐项答复" in order) == (True, False, True)


@pytest.mark.parametrize(("language", "said"), [("zh", "承诺3个工作日内"), ("en", "promised within 3 working days")])
def test_the_promise_has_its_time_in_it(language: str, said: str) -> None:
    items = [item for item in after(registered(), assigned(), accepted()).items if item.kind == "accepted"]
    assert said in text_of(items[0], "sms", language)


@pytest.mark.parametrize(
    ("limit", "unit", "urgent", "zh", "en"),
    [
        (30, "minutes", False, "承诺30分钟内办结", "promised within 30 minutes"),
        (1440, "minutes", False, "承诺24小时内办结", "promised within 24 hours"),
        (90, "minutes", False, "承诺90分钟内办结", "promised within 90 minutes"),
        (1, "office_hours", False, "承诺1个工作小时内办结", "promised within 1 office hour"),
        (7, "working_days", False, "承诺7个工作日内办结", "promised within 7 working days"),
        (20, "calendar_days", False, "承诺20个自然日内办结", "promised within 20 calendar days"),
        (7, "working_days", True, "按特急事项立即办理", "to be dealt with at once, as urgent"),
    ],
)
def test_a_promise_in_words(limit: int, unit: str, urgent: bool, zh: str, en: str) -> None:
    assert dict(promise(limit, unit, urgent=urgent)) == {"promise_zh": zh, "promise_en": en}
    assert unit in UNITS


def test_without_an_address_of_the_page_none_is_said() -> None:
    values = {"number": NUMBER, "code": "C"}
    assert "凭登记号和查询码查看" in packaged().render("progress", "zh", values)
    assert "在 duban.example.cn 查看" in TEMPLATES.render("progress", "zh", values)


@pytest.mark.parametrize("kind", ["evaluate", "remind"])
@pytest.mark.parametrize(("language", "said"), [("zh", "直接回复数字1至5"), ("en", "1 to 5")])
def test_only_where_replies_are_taken_an_sms_says_that_one_may_answer(kind: str, language: str, said: str) -> None:
    values = {"number": NUMBER, "code": "C"}
    told = [
        packaged(replies=each).render(kind, language, values, channel) for each in (True, False) for channel in CHANNELS
    ]
    assert [said in text for text in told] == [channel == "sms" for channel in CHANNELS] + [False, False]


def test_the_signature_is_this_installations() -> None:
    assert packaged("", "麻阳督办").render("progress", "zh", {}).startswith("【麻阳督办】")
    assert packaged("", "").render("progress", "zh", {"number": "N"}).startswith("事项 N")

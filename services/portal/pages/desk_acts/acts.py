"""Each act of staff: whose API takes it, where, and the fields of its form. What may be done when, the APIs say."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts import vocabulary
from contracts.actions import ACTIONS
from contracts.vocabulary import Pair
from services.portal.pages.desk_acts import fields
from services.portal.pages.desk_acts.fields import FormField
from services.portal.pages.frame.forms import Typed
from services.portal.pages.services import Json

GROUNDS_OF_CHECKS = ("spot_check_failed", "untrue_rectification", "poor_feedback", "low_satisfaction")
REOPENING = {code: vocabulary.REWORK[code] for code in GROUNDS_OF_CHECKS}
FOUND_OUT = {code: vocabulary.OUTCOMES[code] for code in ("sent", "failed", "resend")}
"""What a person finds out about a letter of which nobody knows whether it arrived."""
ASKED_FOR = {code: vocabulary.MORE_TIME_GROUNDS[code] for code in vocabulary.GROUNDS_ASKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAct:
    """``request``: what it is called in ``ACTIONS``; "" for what sla offers of clocks and orders, notify of letters.

    ``path``: behind the API, with the names of what stands in it. ``moves``: the matter goes on by it, so that it is
    not offered any more.
    """

    name: Pair
    service: str
    path: str
    fields: tuple[FormField, ...]
    request: str = ""
    roles: frozenset[str] = frozenset()
    moves: bool = False


def body_of(act: DeskAct, sent: Typed) -> Json:
    """The JSON that the form makes."""
    said = {
        "index" if each.kind == "item" else each.name: fields.value(each, sent)
        for each in act.fields
        if _is_in_body(each)
    }
    return {name: each for name, each in said.items() if each is not None}


def path_of(act: DeskAct, number: str, sent: Typed) -> str:
    """Where the form is sent; what is not chosen stands there by its name."""
    chosen = {each.name: sent.get(each.name, "").partition(".")[0] for each in act.fields if _is_in_path(each)}
    chosen = {name: each or f"{{{name}}}" for name, each in chosen.items()}
    return act.path.format(number=number, **chosen)


def pointers_of(act: DeskAct, sent: Typed) -> dict[str, str]:
    """JSON pointer → input of the form."""
    return {pointer: name for each in act.fields for pointer, name in fields.pointers(each, sent)}


def _is_in_body(each: FormField) -> bool:
    return not each.in_path


def _is_in_path(each: FormField) -> bool:
    return each.in_path or each.kind == "item"


def _of(request: str, *form: FormField, moves: bool = False) -> DeskAct:
    row = ACTIONS[request]
    path = f"/v1/tickets/{{number}}/{row.path}"
    return DeskAct(name=row.name, service=row.service, path=path, fields=form, request=request, moves=moves)


def _words(name: str, *, optional: bool = False) -> FormField:
    return FormField(name=name, kind="words", optional=optional)


def _choice(name: str, options: Mapping[str, Pair], *, optional: bool = False) -> FormField:
    return FormField(name=name, kind="choice", options=options, optional=optional)


def _found(name: str, source: str, *, optional: bool = False, in_path: bool = False) -> FormField:
    return FormField(name=name, kind="choice", source=source, optional=optional, in_path=in_path)


def _yes_no(name: str, first: str = "") -> FormField:
    return FormField(name=name, kind="yes_no", first=first)


def _evidence(*, optional: bool = False) -> FormField:
    return FormField(name="evidence", kind="evidence", options=vocabulary.EVIDENCE, optional=optional)


def _instant(name: str) -> FormField:
    return FormField(name=name, kind="instant")


def _grounds(options: Mapping[str, Pair]) -> FormField:
    return FormField(name="grounds", kind="many", options=options)


def _said(name: str) -> FormField:
    return FormField(name=name, kind="said", source=name)


OF_TICKETS = (
    _of("AcceptTicket", _found("standard", "standards"), moves=True),
    _of("ReturnTicket", _choice("ground", vocabulary.GROUNDS), _words("explanation"), moves=True),
    _of(
        "AssignTicket",
        _found("unit", "units"),
        _found("category", "categories", optional=True),
        _words("reason", optional=True),
        moves=True,
    ),
    _of("CompleteTicket", _words("explanation"), _evidence(), _words("talked_to", optional=True), moves=True),
    _of("ReportProgress", _words("text"), _yes_no("public", "yes")),
    _of("RecordContact", _choice("method", vocabulary.METHODS), _yes_no("reached")),
    _of("AskReporter", _words("text"), _instant("until")),
    _of(
        "VerifyMatter",
        _choice("finding", vocabulary.FINDINGS),
        _choice("method", vocabulary.CHECK_METHODS),
        _words("words"),
        _yes_no("lacks_explanation", "no"),
        _evidence(optional=True),
    ),
    _of(
        "PlanTicket",
        _choice("mode", vocabulary.MODES),
        FormField(name="measures", kind="measures"),
        _words("rule_quoted"),
        _instant("review_on"),
    ),
    _of(
        "ReportMeasure",
        FormField(name="index", kind="count", source="measures"),
        _yes_no("done"),
        _words("words", optional=True),
        _evidence(optional=True),
    ),
    _of(
        "ReviewPlan",
        _said("version"),
        _yes_no("approved"),
        _grounds(vocabulary.PLAN_GROUNDS),
        _words("words", optional=True),
    ),
    _of(
        "ReviewCompletion",
        _said("round"),
        _said("level"),
        _yes_no("passed"),
        _grounds(vocabulary.REVIEW_GROUNDS),
        _words("words", optional=True),
    ),
    _of("AskProgress", _words("text")),
    _of("RecordAttempt", _choice("method", vocabulary.METHODS)),
    _of(
        "RecordLookBack",
        _choice("method", vocabulary.METHODS),
        FormField(name="grade", kind="count", options=dict(reversed(tuple(vocabulary.GRADES.items())))),
        _yes_no("solved"),
        _words("words", optional=True),
    ),
    _of(
        "RecordAccountability",
        _choice("outcome", vocabulary.ACCOUNTABILITY),
        _found("order", "orders", optional=True),
        FormField(name="persons", kind="names", optional=True),
        _words("words", optional=True),
    ),
    _of("RecordRule", _words("title"), _choice("scope", vocabulary.RULE_SCOPES), _instant("valid_from")),
    _of("JudgeUrgency", _yes_no("urgent"), _words("reason")),
    _of("ReopenTicket", _choice("reason", REOPENING), moves=True),
    _of("CheckTicket", _instant("due"), _yes_no("remote", "no")),
    _of(
        "RecordCheck",
        _found("draw", "checks"),
        _choice("method", vocabulary.CHECK_METHODS),
        _yes_no("passed"),
        _choice("ground", REOPENING, optional=True),
        _evidence(optional=True),
        _words("words", optional=True),
    ),
)
OF_CLOCKS = {
    "more-time": DeskAct(
        name=("申请延长或中止", "Ask for more time"),
        service="sla",
        path="/v1/tickets/{number}/clocks/{clock}/more-time",
        roles=frozenset(("unit",)),
        fields=(
            _found("clock", "clocks", in_path=True),
            _choice("how", vocabulary.MORE_TIME),
            _choice("ground", ASKED_FOR),
            FormField(name="amount", kind="amount"),
            _instant("until"),
            _evidence(optional=True),
            _words("words", optional=True),
        ),
    ),
    "more-time-decision": DeskAct(
        name=("批复延长或中止", "Decide about more time"),
        service="sla",
        path="/v1/tickets/{number}/more-time/{more_time}/decision",
        roles=frozenset(("lead", "supervisor")),
        fields=(
            _found("more_time", "more_time", in_path=True),
            _yes_no("approved"),
            _words("words", optional=True),
        ),
    ),
    "order-answer": DeskAct(
        name=("答复督办件", "Answer an order"),
        service="sla",
        path="/v1/orders/{item}/answers",
        roles=frozenset(("unit", "lead")),
        fields=(
            FormField(name="item", kind="item", source="items"),
            _evidence(optional=True),
            _words("words", optional=True),
        ),
    ),
    "order-verdict": DeskAct(
        name=("销督或退回督办件", "Lift an order or send it back"),
        service="sla",
        path="/v1/orders/{order}/verdict",
        roles=frozenset(("supervisor",)),
        fields=(
            _found("order", "orders", in_path=True),
            _yes_no("lifted"),
            _instant("answer_by"),
            _words("words", optional=True),
        ),
    ),
}
OF_LETTERS = {
    "delivery": DeskAct(
        name=("查清消息是否送达", "Settle whether a message arrived"),
        service="notify",
        path="/v1/deliveries/{reference}/resolution",
        roles=frozenset(("supervisor", "clerk")),
        fields=(
            _said("number"),
            _found("reference", "letters", in_path=True),
            _choice("outcome", FOUND_OUT),
        ),
    ),
}
DESK_ACTS: Mapping[str, DeskAct] = {ACTIONS[each.request].path: each for each in OF_TICKETS} | OF_CLOCKS | OF_LETTERS
"""What it is called in the address of its form → the act, the most usual first."""

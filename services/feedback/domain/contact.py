"""What passes between the unit and the reporters before the end (E1): contact, and a question with a time to answer."""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.vocabulary import METHODS
from services.feedback.domain.case import NOT_WORKING, WORKING, Case, CaseRefused

ANSWER_WITHIN = timedelta(days=30)  # no question leaves a matter open for longer

UNKNOWN_METHOD = CaseRefused(
    "unknown_method",
    "联系方式不在目录内，请选电话、上门、视频或网上。",
    "Not a way to contact somebody: phone, on_site, video or online.",
)
UNTIL_IN_THE_PAST = CaseRefused(
    "until_in_the_past", "答复期限已过，请改为以后的时间。", "The time to answer has passed: give a later one."
)
UNTIL_TOO_FAR = CaseRefused(
    "until_too_far", "答复期限最长30天，请提前。", "At most 30 days to answer: give an earlier time."
)
ASKED_ALREADY = CaseRefused(
    "asked_already",
    "上一个问题还在等反映人答复；收到补充或期满后再问。",
    "The reporter still has time to answer the last question: ask again after the answer, or when it has passed.",
)


def decide_contact(case: Case, method: str) -> Case | CaseRefused:
    """The case as it was: a contact, also one that failed, changes nothing but the story."""
    if case.state not in WORKING:
        return NOT_WORKING
    return case if method in METHODS else UNKNOWN_METHOD


def decide_question(case: Case, until: datetime, now: datetime) -> Case | CaseRefused:
    """The case with a question open until an instant; one at a time."""
    if case.state not in WORKING:
        return NOT_WORKING
    if until <= now:
        return UNTIL_IN_THE_PAST
    if until > now + ANSWER_WITHIN:
        return UNTIL_TOO_FAR
    if case.asked_until is not None and now < case.asked_until:
        return ASKED_ALREADY
    return replace(case, asked_until=until)

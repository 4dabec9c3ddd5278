"""办结说明 (E3): without evidence of a known kind, of the right time, nothing is completed."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts import vocabulary
from contracts.lifecycle import TicketState
from services.feedback.domain.case import NOT_WORKING, WORKING, Case, CaseRefused
from services.feedback.domain.plan.plans import NO_RULE, PlanRule
from services.feedback.domain.plan.review import may_complete
from services.feedback.domain.policy import EvaluationPolicy

EVIDENCE_AT_MOST = 50
URI = re.compile(
    r"(?:https?://|gridfs:)\S{3,1000}", re.IGNORECASE
)  # what people open, or an attachment of the platform
FINGERPRINT = 16  # hexadecimal digits: enough to tell the evidence of one matter apart
SHOWN_AT_MOST = 1000  # fingerprints kept of a matter
SHA_256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence: a URI or the SHA-256 of a document, and the instant that it shows."""

    kind: str
    uri: str = ""
    digest: str = ""
    dated: datetime


NO_EVIDENCE = CaseRefused("no_evidence", "没有佐证材料，不能办结。", "Nothing is completed without evidence.")
TOO_MUCH_EVIDENCE = CaseRefused("too_much_evidence", "佐证材料最多50件。", "At most 50 pieces of evidence.")
UNKNOWN_KIND = CaseRefused(
    "unknown_evidence_kind", "佐证材料的种类不在目录内。", "The kind of evidence is not in the list."
)
NO_SOURCE = CaseRefused(
    "evidence_without_source",
    "佐证材料须有网址（https、http 或 gridfs）或文件的SHA-256摘要。",
    "Evidence needs a URI (https, http or gridfs) or the SHA-256 digest of a document.",
)
NOTHING_NEW = CaseRefused(
    "nothing_new",
    "重办须有新的佐证材料：至少一件是本次重办之后形成、以前没有用过的。",
    "A rework needs new evidence: at least one piece dated after it was ordered and not shown before.",
)
TOO_OLD = CaseRefused(
    "evidence_too_old", "佐证材料的时间早于登记时间。", "The evidence is older than the matter: show what was done."
)
FROM_THE_FUTURE = CaseRefused(
    "evidence_from_the_future", "佐证材料的时间晚于现在。", "The evidence is dated in the future: correct its date."
)
HELD_BY_POLICY = CaseRefused(
    "held_by_policy",
    "此事受政策限制，暂不能办结；条件具备后请先改方案。",
    "Held back by policy: it has a dated plan, not an end. Make a new plan before completing.",
)
HELD_BY_CONFERENCE = CaseRefused(
    "held_by_conference",
    "联席会议决定暂缓办理，到复查日期方可办结；需提前的，请提请联席会议重新决定。",
    "A joint conference holds it back until its date of review: wait, or have it referred to a conference again.",
)
HELD_BACK = {vocabulary.HELD_BY_POLICY: HELD_BY_POLICY, vocabulary.HELD_BY_CONFERENCE: HELD_BY_CONFERENCE}
"""Why what is held back has no end yet, by the mode of its plan."""


def refused_completion(
    case: Case, evidence: Sequence[Exhibit], now: datetime, policy: EvaluationPolicy, rule: PlanRule = NO_RULE
) -> CaseRefused | None:
    """Why the work cannot be completed, or submitted to review; None when it can."""
    if case.state not in WORKING:
        return NOT_WORKING
    if case.plan_mode in HELD_BACK:
        return HELD_BACK[case.plan_mode]
    if unplanned := may_complete(case, rule):
        return unplanned
    if not evidence:
        return NO_EVIDENCE
    if len(evidence) > EVIDENCE_AT_MOST:
        return TOO_MUCH_EVIDENCE
    wrong = wrong_evidence(evidence, case.registered_at, now, policy)
    if wrong is None and case.reworks and not any(_is_new(each, case) for each in evidence):
        wrong = NOTHING_NEW
    return wrong


def wrong_evidence(
    evidence: Sequence[Exhibit], registered_at: datetime, now: datetime, policy: EvaluationPolicy
) -> CaseRefused | None:
    """What is wrong with the first piece that shows nothing, or not of this matter; None when all are well."""
    return next(filter(None, (_wrong(each, registered_at, now, policy) for each in evidence)), None)


def _wrong(exhibit: Exhibit, registered_at: datetime, now: datetime, policy: EvaluationPolicy) -> CaseRefused | None:
    if exhibit.kind not in policy.evidence_kinds:
        return UNKNOWN_KIND
    if not has_source(exhibit):
        return NO_SOURCE
    if exhibit.dated < registered_at:
        return TOO_OLD
    return FROM_THE_FUTURE if exhibit.dated > now else None


def has_source(exhibit: Exhibit) -> bool:
    """A URI or a digest; what is given must be well formed."""
    uri_fits = not exhibit.uri or URI.fullmatch(exhibit.uri) is not None
    digest_fits = not exhibit.digest or SHA_256.fullmatch(exhibit.digest) is not None
    return uri_fits and digest_fits and bool(exhibit.uri or exhibit.digest)


def _is_new(exhibit: Exhibit, case: Case) -> bool:
    """Whether it shows something of this rework: made after the order, in no earlier round."""
    made_since = case.reworked_at is None or exhibit.dated >= case.reworked_at
    return made_since and not set(_fingerprints(exhibit)) & set(case.shown)


def _fingerprints(exhibit: Exhibit) -> list[str]:
    """Of its URI and of its document: a known one under another name is not new. A case keeps no clear words."""
    sources = filter(None, (exhibit.uri, exhibit.digest.lower()))
    return [hashlib.sha256(source.encode()).hexdigest()[:FINGERPRINT] for source in sources]


def completed(case: Case, evidence: Sequence[Exhibit], now: datetime, policy: EvaluationPolicy) -> Case:
    """The case waiting for its reporters' votes."""
    found = [mark for each in evidence for mark in _fingerprints(each) if mark not in case.shown]
    shown = (*case.shown, *dict.fromkeys(found))[-SHOWN_AT_MOST:]
    state, next_look = TicketState.AWAITING_EVALUATION, now + policy.remind_after
    return replace(case, state=state, votes=(), reminders=0, next_look=next_look, shown=shown, is_red=False)

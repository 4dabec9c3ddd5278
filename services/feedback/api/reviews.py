"""Routes of the review: one matter, many at once, and the list of what waits for the caller."""

from typing import Annotated, Any

from fastapi import FastAPI, Query, Response

from contracts.lifecycle import TicketState
from contracts.messages.reviews import ReviewCompletion
from contracts.sealed import SealField
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Principal, Staff, require
from services.feedback.api.bodies import BulkReview, ReviewBody
from services.feedback.api.tickets import CaseRequests, Number, actor_of, reach_of
from services.feedback.domain.case import Case, seats_of
from services.feedback.domain.review.chain import level_for
from services.feedback.ports import FiledCase

REVIEWING = ("unit", "head", "lead", "leader", "supervisor")
"""Roles that sit in a level, or may be named as deputy of one."""
LISTED_AT_MOST = 200


def of_reviews(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/review")
    async def review_completion(
        number: Number, review: ReviewBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """逐级验收 by a level of the chain, or one of its deputies."""
        require(staff, *REVIEWING)
        filed = await window.for_staff(number, staff)
        words = await window.sealed(filed.ticket, SealField.REVIEW, review.words)
        body = ReviewCompletion(
            round=review.round, level=review.level, passed=review.passed, grounds=review.grounds, words=words
        )
        return await window.ask(filed, body, actor_of(staff), idempotency_key, review)

    @app.post("/v1/reviews", status_code=202)
    async def review_many(reviews: BulkReview, staff: Staff, idempotency_key: IdempotencyKey) -> dict[str, Any]:
        """批量验收: of each what waits for the caller; where its outcome can be asked for.

        The same key again says where to ask, also of what went on by it and waits for the caller no more.
        """
        require(staff, *REVIEWING)
        seats, verdict = seats_of_staff(staff), reviews.model_copy(update={"numbers": ()})

        async def body_of(filed: FiledCase) -> ReviewCompletion | None:
            return _spoken(filed, seats, reviews)

        return await window.put(reviews.numbers, staff, idempotency_key, body_of, verdict, ReviewCompletion)

    @app.get("/v1/reviews")
    async def list_reviews(
        staff: Staff, limit: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 50
    ) -> dict[str, list[dict[str, Any]]]:
        """待验收、待审核、待核实: plans, work and findings that wait for the caller; what has waited longest first."""
        require(staff, *REVIEWING)
        seats, reach = seats_of_staff(staff), reach_of(staff)
        shown = [_shown(each, seats) for each in await window.cases.to_review(seats, reach, limit)]
        shown += [_found(each.case) for each in await window.cases.to_confirm(seats, reach, limit)]
        return {"reviews": sorted(shown, key=lambda each: str(each["since"] or ""))[:limit]}


def seats_of_staff(staff: Principal) -> frozenset[str]:
    """The seats that a member of staff sits in."""
    actor = actor_of(staff)
    return seats_of(actor.role, actor.unit, actor.principal)


def _spoken(filed: FiledCase, seats: frozenset[str], said: BulkReview) -> ReviewCompletion | None:
    level = level_for(filed.case, seats)
    if not level:
        return None
    return ReviewCompletion(round=filed.case.round, level=level, passed=said.passed, grounds=said.grounds)


def _found(case: Case) -> dict[str, Any]:
    """What a unit found of its own matter, to be found by another office, too (E13)."""
    return {
        "number": case.number,
        "unit": case.unit,
        "urgent": case.is_urgent,
        "since": case.found_at,
        "what": "finding",
        "finding": case.finding,
    }


def _shown(filed: FiledCase, seats: frozenset[str]) -> dict[str, Any]:
    case = filed.case
    of_all = {"number": case.number, "unit": case.unit, "urgent": case.is_urgent, "since": case.open_since}
    if case.state is not TicketState.UNDER_REVIEW:
        return of_all | {"what": "plan", "version": case.plan_version, "mode": case.plan_mode}
    level = level_for(case, seats)
    at = case.review_levels[level - 1]
    return of_all | {
        "what": "completion",
        "round": case.round,
        "level": level,
        "levels": len(case.review_levels),
        "kind": at.kind,
        "working_days": at.working_days,
        "rejections": case.rejections,
    }

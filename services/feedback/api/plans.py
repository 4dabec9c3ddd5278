"""Routes of the plan: the unit drafts it and reports on its measures, its reviewer approves it."""

from fastapi import FastAPI, Response

from contracts.messages.feedback import PlanTicket, ReportMeasure, ReviewPlan
from contracts.sealed import SealField
from runtime.http.app import IdempotencyKey
from runtime.identity.tokens import Staff, require
from services.feedback.api.bodies import MeasureReport, PlanBody, PlanReviewBody
from services.feedback.api.tickets import CaseRequests, Number, actor_of, evidence_of
from services.feedback.ports import FiledCase


def of_plans(app: FastAPI, window: CaseRequests) -> None:
    @app.post("/v1/tickets/{number}/plan")
    async def plan_ticket(number: Number, plan: PlanBody, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        body = PlanTicket(
            mode=plan.mode,
            measures=tuple([await window.measure(filed.ticket, each) for each in plan.measures]),
            rule_quoted=await window.sealed(filed.ticket, SealField.RULE_QUOTED, plan.rule_quoted),
            quotes_rule=bool(plan.rule_quoted),
            review_on=plan.review_on,
        )
        return await window.ask(filed, body, actor_of(staff), idempotency_key, plan)

    @app.post("/v1/tickets/{number}/plan-review")
    async def review_plan(
        number: Number, review: PlanReviewBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """方案审核, by the lead unit or the supervision office."""
        require(staff, "lead", "supervisor")
        filed = await window.for_staff(number, staff)
        words = await window.sealed(filed.ticket, SealField.REVIEW, review.words)
        body = ReviewPlan(version=review.version, approved=review.approved, grounds=review.grounds, words=words)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, review)

    @app.post("/v1/tickets/{number}/measures")
    async def report_measure(
        number: Number, report: MeasureReport, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        require(staff, "unit")
        filed = await window.for_staff(number, staff)
        body = await measure_of(window, filed, report)
        return await window.ask(filed, body, actor_of(staff), idempotency_key, report)


async def measure_of(window: CaseRequests, filed: FiledCase, report: MeasureReport) -> ReportMeasure:
    """What was sent, with its words sealed for the matter."""
    words = await window.sealed(filed.ticket, SealField.PROGRESS, report.words)
    return ReportMeasure(index=report.index, done=report.done, words=words, evidence=evidence_of(report.evidence))

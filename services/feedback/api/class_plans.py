"""类方案 over HTTP (E2): propose, review, and see what waits or is in force."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Response

from contracts.messages.class_plans import ProposeClassPlan, ReviewClassPlan
from contracts.values import ClassMeasure
from runtime.http.app import IdempotencyKey, answer
from runtime.http.bodies import canonical
from runtime.http.problems import not_found
from runtime.http.requests import RequestDesk
from runtime.identity.tokens import Principal, Staff, require
from services.feedback.api.bodies import ClassPlanBody, ClassPlanReviewBody
from services.feedback.api.reviews import seats_of_staff
from services.feedback.api.tickets import actor_of, reach_of
from services.feedback.domain.plan.class_plans import ClassPlan
from services.feedback.ports import ClassPlans

Unit = Annotated[str, Path(pattern=r"^[0-9A-Z-]{1,40}$")]
Category = Annotated[str, Path(pattern=r"^[A-Z]{3}(\.[0-9]{2}){0,3}$")]
SEEING = ("unit", "head", "lead", "leader", "supervisor", "auditor")
LISTED_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class ClassPlanDesk:
    """Puts requests about class plans into the log of affairs, and reads how they stand."""

    desk: RequestDesk
    plans: ClassPlans

    async def find(self, unit: str, category: str, staff: Principal) -> ClassPlan:
        """The class plan within the scope of ``staff``; one 404 for what does not exist and what is not theirs."""
        plan = await self.plans.find(key_of(unit, category), reach_of(staff))
        if plan is None:
            raise not_found()
        return plan


def key_of(unit: str, category: str) -> str:
    """The key of a class plan in the log of affairs."""
    return f"plan/{unit}/{category}"


def add_class_plans(app: FastAPI, plans: ClassPlanDesk) -> None:
    _of_asking(app, plans)
    _of_reading(app, plans)


def _of_asking(app: FastAPI, plans: ClassPlanDesk) -> None:
    @app.post("/v1/class-plans")
    async def propose_class_plan(proposed: ClassPlanBody, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """报类方案: in force once the lead unit, or the supervision office, has approved it. No measures: 停用."""
        require(staff, "unit")
        measures = tuple(ClassMeasure(**dict(each)) for each in proposed.measures)
        body = ProposeClassPlan(unit=staff.unit, category=proposed.category, measures=measures)
        key = key_of(staff.unit, proposed.category)
        request = plans.desk.request(key, body, actor_of(staff), idempotency_key, sent=canonical(proposed))
        return answer(await plans.desk.ask(request), f"/v1/class-plans/{staff.unit}/{proposed.category}/requests")

    @app.post("/v1/class-plans/{unit}/{category}/review")
    async def review_class_plan(
        unit: Unit, category: Category, review: ClassPlanReviewBody, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """审核类方案, by another person than proposed it."""
        require(staff, "lead", "supervisor")
        await plans.find(unit, category, staff)
        body = ReviewClassPlan(**dict(review))
        key = key_of(unit, category)
        request = plans.desk.request(key, body, actor_of(staff), idempotency_key, sent=canonical(review))
        return answer(await plans.desk.ask(request), f"/v1/class-plans/{unit}/{category}/requests")


def _of_reading(app: FastAPI, plans: ClassPlanDesk) -> None:
    @app.get("/v1/class-plans")
    async def class_plans(
        staff: Staff, limit: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 50, *, waiting: bool = False
    ) -> dict[str, list[dict[str, Any]]]:
        """Class plans in one's scope, in the order of their keys; ``waiting``: those that wait for the caller."""
        require(staff, *SEEING)
        seats = seats_of_staff(staff) if waiting else None
        found = await plans.plans.within(reach_of(staff), limit, seats)
        return {"class_plans": [_shown(each) for each in found]}

    @app.get("/v1/class-plans/{unit}/{category}")
    async def class_plan(unit: Unit, category: Category, staff: Staff) -> dict[str, Any]:
        """The newest version, where its review stands, and which version is in force."""
        require(staff, *SEEING)
        return _shown(await plans.find(unit, category, staff))

    @app.get("/v1/class-plans/{unit}/{category}/requests/{request}")
    async def class_plan_outcome(
        unit: Unit, category: Category, request: str, staff: Staff, asked: Annotated[int, Query(ge=0, le=2**40)] = 0
    ) -> Response:
        """What became of a request that was answered with 202."""
        require(staff, *SEEING)
        if staff.unit != unit:
            await plans.find(unit, category, staff)
        found = await plans.desk.asked(key_of(unit, category), request, asked, first=True)
        return answer(found, f"/v1/class-plans/{unit}/{category}/requests")


def _shown(plan: ClassPlan) -> dict[str, Any]:
    return {
        "unit": plan.unit,
        "category": plan.category,
        "version": plan.version,
        "measures": [{"text": each.text, "post": each.post, "days": each.days} for each in plan.measures],
        "review": plan.review,
        "reviewer": plan.reviewer,
        "redrafts": plan.redrafts,
        "in_force": plan.in_force,
    }

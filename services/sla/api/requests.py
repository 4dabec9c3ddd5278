"""What people ask of clocks: more time, the decision about it, the end of a pause. Each is a request in the log."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Path, Response

from contracts.envelope import Actor, Body
from contracts.messages.conferences import RecordConference, ReferMatter
from contracts.messages.sla import (
    AnswerOrder,
    AskMoreTime,
    DecideMoreTime,
    DecideOrder,
    EndPause,
    OrderSupervision,
)
from contracts.sealed import SealField
from contracts.values import Evidence, OrderCheck
from contracts.vocabulary import CHINA
from runtime.delivery.records import Record
from runtime.http.app import AskedAt, IdempotencyKey, answer
from runtime.http.bodies import canonical
from runtime.http.requests import RequestDesk
from runtime.identity.tokens import Principal, Staff, require
from services.sla.api.bodies import (
    ConferenceSent,
    MoreTimeDecision,
    MoreTimeSent,
    OrderAnswerSent,
    OrderByHand,
    OrderDecisionSent,
    ReferralSent,
    SlaBody,
)
from services.sla.api.tickets import ClockLookUps
from services.sla.domain import order_numbers
from services.sla.domain.sheet import ClockSheet
from services.sla.ports import WordSealer

ClockId = Annotated[str, Path(pattern=r"^c[0-9]{1,6}$")]
MoreTimeId = Annotated[str, Path(pattern=r"^c[0-9]{1,6}m[0-9]{1,3}$")]
OrderNumber = Annotated[str, Path(pattern=order_numbers.PATTERN)]
APPROVERS = ("lead", "supervisor")


@dataclass(frozen=True, slots=True)
class ClockRequests:
    """What these routes share: finding the sheet for whoever asks, sealing words, asking the log."""

    look_ups: ClockLookUps
    desk: RequestDesk
    words: WordSealer

    async def sealed(self, found: Record[ClockSheet], text: str, field: SealField = SealField.MORE_TIME) -> str:
        """Under the matter's words key; "" once that is destroyed."""
        return (await self.words.seal(found.key, field, text) or "") if text else ""

    async def ask(
        self, found: Record[ClockSheet], body: Body, staff: Principal, key: str, sent: SlaBody | None = None
    ) -> Response:
        """Put the request into the log and answer with its outcome."""
        actor = Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")
        request = self.desk.request(found.key, body, actor, key, sent=canonical(sent) if sent else b"")
        return answer(await self.desk.ask(request), _where(found))


def add_requests(app: FastAPI, window: ClockRequests) -> None:
    """The routes of what is asked of clocks, of orders and of conferences."""
    _of_clocks(app, window)
    _of_orders(app, window)
    _of_conferences(app, window)

    @app.get("/v1/tickets/{ticket}/requests/{request}")
    async def outcome(ticket: str, request: str, staff: Staff, asked: AskedAt = 0) -> Response:
        """What became of a request that was answered with 202."""
        found = await window.look_ups.record(ticket, staff)
        return answer(await window.desk.asked(found.key, request, asked), _where(found))


def _of_clocks(app: FastAPI, window: ClockRequests) -> None:
    @app.post("/v1/tickets/{ticket}/clocks/{clock}/more-time")
    async def ask_more_time(
        ticket: str, clock: ClockId, asked: MoreTimeSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """申请中止或延长: by the unit whose clock it is, before it is due."""
        require(staff, "unit")
        found = await window.look_ups.record(ticket, staff)
        body = AskMoreTime(
            clock=clock,
            how=asked.how,
            ground=asked.ground,
            amount=asked.amount,
            until=asked.until,
            evidence=tuple(Evidence(**each.model_dump()) for each in asked.evidence),
            words=await window.sealed(found, asked.words),
        )
        return await window.ask(found, body, staff, idempotency_key, asked)

    @app.post("/v1/tickets/{ticket}/more-time/{more_time}/decision")
    async def decide_more_time(
        ticket: str, more_time: MoreTimeId, decision: MoreTimeDecision, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """批复: one level up, never by whoever asked."""
        require(staff, *APPROVERS)
        found = await window.look_ups.record(ticket, staff)
        words = await window.sealed(found, decision.words)
        body = DecideMoreTime(more_time=more_time, approved=decision.approved, words=words)
        return await window.ask(found, body, staff, idempotency_key, decision)

    @app.post("/v1/tickets/{ticket}/more-time/{more_time}/end")
    async def end_pause(ticket: str, more_time: MoreTimeId, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """恢复计时: the ground is gone before the end of the pause."""
        require(staff, "unit", *APPROVERS)
        found = await window.look_ups.record(ticket, staff)
        return await window.ask(found, EndPause(more_time=more_time), staff, idempotency_key)


def _of_orders(app: FastAPI, window: ClockRequests) -> None:
    @app.post("/v1/tickets/{ticket}/orders")
    async def order_supervision(
        ticket: str, order: OrderByHand, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """立即督办, by hand: to the unit that has the matter."""
        require(staff, "supervisor")
        found = await window.look_ups.record(ticket, staff)
        body = OrderSupervision(items=tuple(OrderCheck(**each.model_dump()) for each in order.items))
        return await window.ask(found, body, staff, idempotency_key, order)

    @app.post("/v1/orders/{order}/answers")
    async def answer_order(
        order: OrderNumber, sent: OrderAnswerSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """答复督办, item by item: by the unit that was ordered, or whoever leads it."""
        require(staff, "unit", "lead")
        found = await window.look_ups.record(order.partition("-")[0], staff)
        body = AnswerOrder(
            order=order,
            index=sent.index,
            evidence=tuple(Evidence(**each.model_dump()) for each in sent.evidence),
            words=await window.sealed(found, sent.words, SealField.ORDER),
        )
        return await window.ask(found, body, staff, idempotency_key, sent)

    @app.post("/v1/orders/{order}/verdict")
    async def decide_order(
        order: OrderNumber, decision: OrderDecisionSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """销督, or back with the next date: by the supervision office."""
        require(staff, "supervisor")
        found = await window.look_ups.record(order.partition("-")[0], staff)
        words = await window.sealed(found, decision.words, SealField.ORDER)
        body = DecideOrder(order=order, lifted=decision.lifted, answer_by=decision.answer_by, words=words)
        return await window.ask(found, body, staff, idempotency_key, decision)


def _of_conferences(app: FastAPI, window: ClockRequests) -> None:
    @app.post("/v1/tickets/{ticket}/referral")
    async def refer_matter(ticket: str, sent: ReferralSent, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """提交联席会议: a hard or special case goes on the agenda."""
        require(staff, *APPROVERS)
        found = await window.look_ups.record(ticket, staff)
        words = await window.sealed(found, sent.words, SealField.CONFERENCE)
        return await window.ask(found, ReferMatter(ground=sent.ground, words=words), staff, idempotency_key, sent)

    @app.post("/v1/tickets/{ticket}/conference")
    async def record_conference(
        ticket: str, sent: ConferenceSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """联席会议决定 of one matter on the agenda: binding."""
        require(staff, "supervisor")
        found = await window.look_ups.record(ticket, staff)
        minutes = await window.sealed(found, sent.minutes, SealField.CONFERENCE)
        held_on = sent.held_on.astimezone(CHINA).date()
        given = sent.model_dump(exclude={"minutes", "held_on"})
        body = RecordConference(**given, held_on=held_on, minutes=minutes)
        return await window.ask(found, body, staff, idempotency_key, sent)


def _where(found: Record[ClockSheet]) -> str:
    return f"/v1/tickets/{found.document.number if found.document else found.key}/requests"

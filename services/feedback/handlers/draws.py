"""What is said and asked of a draw, in the log of affairs."""

from datetime import datetime

from contracts.draws import ALGORITHM, DrawnStratum
from contracts.envelope import Message, WakeUp
from contracts.messages import draws as said
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.feedback.domain.case import CaseRefused
from services.feedback.domain.draw import draws
from services.feedback.domain.draw.draws import Draw
from services.feedback.handlers.shared import refusal


class DrawHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Draw], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(said.AnnounceDraw, self.on_announce_draw),
            on(said.SupplyOutside, self.on_supply_outside),
            on(said.DrawSample, self.on_draw_sample),
            on(WakeUp, self.on_wake_up),
        )

    def on_announce_draw(
        self, document: Draw | None, message: Message[said.AnnounceDraw], now: datetime
    ) -> Result[Draw]:
        """预告: said before the period ends, with the commitment."""
        wanted = Draw(**dict(message.body), closes=message.body.ends + draws.CLOSES_AFTER)
        draw = draws.announce(document, wanted, now)
        if isinstance(draw, CaseRefused):
            return refusal(draw)
        announced = said.DrawAnnounced(**dict(message.body), closes=draw.closes, algorithm=ALGORITHM)
        return Change(draw, (announced,), {"closes": draw.closes.isoformat()})

    def on_wake_up(self, document: Draw | None, _message: Message[WakeUp], now: datetime) -> Result[Draw]:
        """封盘: an hour after the period."""
        draw = draws.close(document, now)
        return Ignore("not_due") if draw is None else Change(draw, (said.DrawClosed(ends=draw.ends),))

    def on_supply_outside(
        self, document: Draw | None, message: Message[said.SupplyOutside], _now: datetime
    ) -> Result[Draw]:
        """The value of the source that was named."""
        draw = draws.supply(document, message.body.value)
        if isinstance(draw, CaseRefused):
            return refusal(draw)
        return Change(draw, (said.OutsideSupplied(value=draw.value),))

    def on_draw_sample(self, document: Draw | None, message: Message[said.DrawSample], _now: datetime) -> Result[Draw]:
        """抽样: what the ledger drew, with everything that shows how."""
        body = message.body
        strata = tuple(DrawnStratum(each.name, each.size, each.drawn) for each in body.strata)
        draw = draws.take_sample(document, body.nonce, body.head.hash, strata)
        if isinstance(draw, CaseRefused):
            return refusal(draw)
        return Change(draw, (said.SampleDrawn(**dict(body), outside=draw.value, seed=draw.seed),))

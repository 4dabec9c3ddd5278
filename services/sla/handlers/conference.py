"""Matters are put to a joint conference, and what it decides is recorded (C7)."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.conferences import RecordConference, ReferMatter
from runtime.change import Change, Reject, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import conference, more_time
from services.sla.domain.conference import ConferenceRefused, HeldConference, Referral
from services.sla.domain.sheet import NOBODY, REPORTERS, ClockSheet, SheetClock
from services.sla.handlers import statements
from services.sla.handlers.clocks import WORK, ClockHandlers, acts_for

LEAD, SUPERVISOR = "lead", "supervisor"


class ConferenceHandlers(ClockHandlers):
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(ReferMatter, self.on_refer_matter), on(RecordConference, self.on_record_conference))

    def on_refer_matter(
        self, document: ClockSheet | None, message: Message[ReferMatter], now: datetime
    ) -> Result[ClockSheet]:
        """提交联席会议: the matter stands on the agenda until a conference decides, or it is done."""
        if document is None or not acts_for(message.actor, document, LEAD, SUPERVISOR):
            return _refused(conference.NOT_YOURS)
        is_open = bool(document.holdings) and document.holdings[-1].holder not in (REPORTERS, NOBODY)
        if fault := conference.fault_of_referral(message.body.ground, document.referred, is_open=is_open):
            return _refused(fault)
        referral = Referral(now, message.body.ground, message.actor.role if message.actor else "")
        said = statements.matter_referred(document, referral, message.body)
        return Change(replace(document, referred=referral), (said,))

    def on_record_conference(
        self, document: ClockSheet | None, message: Message[RecordConference], now: datetime
    ) -> Result[ClockSheet]:
        """联席会议决定: binding. More time makes the clock of the work due anew; what the work itself has to become,
        feedback makes of it.
        """
        body = message.body
        if document is None or not acts_for(message.actor, document, SUPERVISOR):
            return _refused(conference.NOT_YOURS)
        held = HeldConference(body.conference, body.held_on, body.roster, body.decision, body.amount, body.until)
        if fault := next(conference.faults(held, document.referred, now), None) or _fault_of_work(document, held):
            return _refused(fault)
        sheet = replace(document, referred=None)
        if body.decision == conference.DEADLINE:
            return self._extended(sheet, body, now)
        return Change(sheet, (statements.conference_decided(sheet, body),))

    def _extended(self, sheet: ClockSheet, body: RecordConference, now: datetime) -> Result[ClockSheet]:
        clock = next(iter(sheet.running(*WORK)), None)
        if clock is None:
            return _refused(conference.NO_CLOCK)
        if fault := conference.fault_of_extension(clock.limit_now, body.amount, is_urgent=sheet.urgent):
            return _refused(fault)
        given = more_time.conferred(f"{clock.id}m{len(clock.more) + 1}", now, body.amount, SUPERVISOR)
        after, facts = self._with_more(sheet, replace(clock, more=(*clock.more, given)), now)
        due = _due(after, clock)
        if due <= now:
            return _refused(conference.STILL_PAST)
        said: tuple[Body, ...] = (
            statements.conference_decided(sheet, body, clock, due),
            statements.more_time_decided(clock, given, due, ""),
        )
        return Change(after, (*said, *facts), {"due": due.isoformat()})


def _fault_of_work(sheet: ClockSheet, held: HeldConference) -> ConferenceRefused | None:
    return conference.fault_of_work(
        held.decision,
        is_urgent=sheet.urgent,
        is_accepted=sheet.promised is not None,
        under_review=bool(sheet.levels),
    )


def _due(sheet: ClockSheet, clock: SheetClock) -> datetime:
    now = sheet.clock(clock.id)
    return now.due if now else clock.due


def _refused(why: ConferenceRefused) -> Reject:
    return Reject(why.code, {"zh": why.zh, "en": why.en})

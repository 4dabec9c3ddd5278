"""The measures of a plan that is in force are timed once, turn together, and end when they are reported done (C4)."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Body, Message
from contracts.messages.feedback import MeasureReported, PlanMade
from contracts.messages.schemes import MeasureLightChanged, MeasuresTimed, TimedMeasure
from contracts.vocabulary import COLOURS
from runtime.change import Change, Ignore, Result
from runtime.delivery.service import Reaction, on
from services.sla.domain import measures
from services.sla.domain.measures import MeasureTrack, TurnedMeasures
from services.sla.domain.schemes import MEASURE, Scheme
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers.clocks import Said
from services.sla.ports import Schemes


class MeasureHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[ClockSheet], ...]:
        """Each message with the handler that is made for it."""
        return (on(MeasureReported, self.on_measure_reported),)

    def on_measure_reported(
        self, document: ClockSheet | None, message: Message[MeasureReported], now: datetime
    ) -> Result[ClockSheet]:
        """措施办结: what is done turns no more; how far the others are does not concern their light."""
        body = message.body
        if document is None or document.measures is None or not body.done:
            return Ignore("nothing_ends")
        track = measures.reported(document.measures, body.plan, body.index)
        return Change(replace(document, measures=track)) if track != document.measures else Ignore("nothing_ends")


def planned(sheet: ClockSheet, body: PlanMade) -> ClockSheet:
    """A new plan replaces the track, also while somebody still reviews it."""
    dues = [each.due for each in body.measures]
    return replace(sheet, measures=measures.planned(body.version, sheet.responsible, dues))


def timed(sheet: ClockSheet, plan: int, schemes: Schemes, now: datetime) -> Said:
    """The measures of this version count from now on, by the scheme in force; what counts already goes on."""
    track = sheet.measures
    if track is None or track.timed or track.plan != plan:
        return sheet, ()
    scheme = schemes.scheme(MEASURE, sheet.division, now)
    track = measures.timed(track, scheme, now)
    return replace(sheet, measures=track), (_measures_timed(track, scheme),)


def turned(sheet: ClockSheet, now: datetime) -> Said:
    """措施亮灯: all that turned since it was looked at."""
    if sheet.measures is None:
        return sheet, ()
    track, said = measures.turned(sheet.measures, now)
    facts: tuple[Body, ...] = tuple(_light_changed(sheet, track, each) for each in said)
    return (replace(sheet, measures=track) if said else sheet), facts


def _measures_timed(track: MeasureTrack, scheme: Scheme | None) -> MeasuresTimed:
    items = tuple(
        TimedMeasure(index=each.index, yellow=each.yellow or each.red, orange=each.orange, red=each.red)
        for each in track.measures
    )
    return MeasuresTimed(plan=track.plan, unit=track.unit, items=items, scheme=scheme.name if scheme else "")


def _light_changed(sheet: ClockSheet, track: MeasureTrack, turned: TurnedMeasures) -> MeasureLightChanged:
    return MeasureLightChanged(
        plan=track.plan, unit=track.unit, indices=turned.indices, new=COLOURS[turned.colour], urgent=sheet.urgent
    )

"""如果 (C9): the ticket log played under a candidate beside what holds today. Nothing is said, written or published."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Annotated, Any

import orjson
from fastapi import Depends, FastAPI, Response
from fastapi.responses import StreamingResponse
from pydantic import Field, TypeAdapter

from contracts.divisions import WrittenDivision
from runtime.delivery.ports import Unavailable
from runtime.http.problems import Refusal, refusal_of
from runtime.identity.tokens import Principal, Staff, configured_scope_of, require
from runtime.process.edition_files import FileFault
from runtime.values.fields import Instant
from services.sla.adapters import calendar_files, ladder_files, standard_rows
from services.sla.adapters.calendar_files import WrittenYear
from services.sla.adapters.ladder_files import WrittenLadder
from services.sla.adapters.standard_rows import LONG_AGO, StandardRow
from services.sla.api.bodies import SlaBody
from services.sla.api.tickets import ClockLookUps
from services.sla.domain.ladder import NAMES
from services.sla.domain.what_if import Comparison, Figures, WhatIfPeriod
from services.sla.ports import AlreadyRunning, TooManyRecords, WhatIfCandidate, WhatIfProgress, WhatIfs

PARTS_AT_MOST = 1000  # standards, years or ladders of one candidate
_YEARS: TypeAdapter[tuple[WrittenYear, ...]] = TypeAdapter(tuple[WrittenYear, ...])
_LADDERS: TypeAdapter[tuple[WrittenLadder, ...]] = TypeAdapter(tuple[WrittenLadder, ...])
Steps = AsyncGenerator[WhatIfProgress | Comparison, None]


class WhatIfSent(SlaBody):
    """Clocks that began from ``since`` and before ``to``, at most 31 days; ``division``: only matters below it.

    ``standards``, ``calendar``, ``ladder``: as the files of ``duban sla`` have them; what holds today where there are
    none. A candidate holds over the whole period, whatever its ``valid_from`` says.
    """

    since: Instant
    to: Instant
    division: WrittenDivision | None = None
    standards: Annotated[tuple[StandardRow, ...], Field(max_length=PARTS_AT_MOST)] = ()
    calendar: Annotated[tuple[WrittenYear, ...], Field(max_length=PARTS_AT_MOST)] = ()
    ladder: Annotated[tuple[WrittenLadder, ...], Field(max_length=PARTS_AT_MOST)] = ()


class JsonLines(StreamingResponse):
    """A line of JSON each: ``progress`` while it runs, at last ``result``, or ``problem`` where it ended before."""

    media_type = "application/x-ndjson"


def add_what_if(app: FastAPI, desk: ClockLookUps, what_ifs: WhatIfs) -> None:
    """The route of the comparison."""

    @app.post("/v1/what-if", response_class=JsonLines, dependencies=[Depends(desk.informed)])
    async def what_if(sent: WhatIfSent, staff: Staff) -> Response:
        """试算: what would have been late, ordered and extended, by unit and standard, today beside the candidate.

        Lines of JSON: ``progress`` while it runs, then ``result``. Configurers hear how many matters, and not which.
        """
        require(staff, "supervisor", "configurer")
        division, period = _below(staff, sent.division or ""), period_of(sent)
        steps = what_ifs.run(candidate_of(sent), period, division)
        first = await _begun(steps)
        shown = WhatIfAnswer(desk, period, division, names_matters=staff.role != "configurer")
        return JsonLines(_lines(first, steps, shown))


async def _begun(steps: Steps) -> WhatIfProgress | Comparison:
    """The first step: what is refused is refused before the answer begins."""
    try:
        return await anext(steps)
    except AlreadyRunning:
        zh, en = "已有一项试算在进行，请稍后再试。", "A what-if is running here already: ask again when it has ended."
        raise Refusal(409, "what_if_running", zh, en) from None


def _below(staff: Principal, division: str) -> str:
    """The division that is asked for, or the caller's own. Raises a 403 for one that is not theirs."""
    own = configured_scope_of(staff).division
    if not division or own.startswith(division):
        return own
    if not division.startswith(own):
        zh, en = "区划超出您的权限范围，请改选或不填。", "The division is outside your scope: choose another, or none."
        raise Refusal(403, "outside_your_scope", zh, en)
    return division


def period_of(sent: WhatIfSent) -> WhatIfPeriod:
    """The period that was sent. Raises a 422."""
    period = WhatIfPeriod(sent.since, sent.to)
    for code in period.faults:
        raise _refused([FileFault("/to", *PERIOD_FAULTS[code])], code)
    return period


def candidate_of(sent: WhatIfSent) -> WhatIfCandidate:
    """What was sent, to be held against history. Raises a 422 with every fault and its place."""
    faults = [
        *_placed("/calendar", calendar_files.read(_YEARS.dump_json(sent.calendar)).faults if sent.calendar else ()),
        *_placed("/ladder", ladder_files.read(_LADDERS.dump_json(sent.ladder)).faults if sent.ladder else ()),
        *standard_faults(sent.standards),
    ]
    if faults:
        raise _refused(faults, "candidate_refused")
    return made_of(sent.standards, sent.calendar, sent.ladder)


def made_of(
    standards: tuple[StandardRow, ...], years: tuple[WrittenYear, ...], ladders: tuple[WrittenLadder, ...]
) -> WhatIfCandidate:
    """The candidate of rows and editions without faults."""
    return WhatIfCandidate(
        tuple(each.published(LONG_AGO) for each in standards),
        tuple(each.fact() for each in years),
        tuple(each.published(LONG_AGO) for each in ladders),
    )


def standard_faults(rows: tuple[StandardRow, ...]) -> list[FileFault]:
    """Why rows may not be offered, each with its place in the body."""
    found = [(nth, standard_rows.FAULTS[code]) for nth, each in enumerate(rows) for code in each.faults()]
    return [FileFault(f"/standards/{nth}/{column}", zh, en) for nth, (column, zh, en) in found]


def _placed(at: str, faults: Sequence[FileFault]) -> list[FileFault]:
    return [FileFault(f"{at}{each.pointer}", each.zh, each.en) for each in faults]


def _refused(faults: list[FileFault], code: str) -> Refusal:
    errors = [{"pointer": each.pointer, "code": code, "zh": each.zh, "en": each.en} for each in faults]
    return Refusal(422, code, faults[0].zh, faults[0].en, errors=errors)


PERIOD_FAULTS: Mapping[str, tuple[str, str]] = {
    "period_empty": ("结束时间须晚于开始时间。", "The end lies behind the beginning: give a later one."),
    "period_too_long": ("时间范围最多31天，请缩短。", "At most 31 days: shorten the period."),
}
TOO_MANY = ("记录过多，请缩短时间范围或改用命令行分区划试算。", "Too many records: shorten the period.")


async def _lines(first: WhatIfProgress | Comparison, steps: Steps, shown: "WhatIfAnswer") -> AsyncIterator[bytes]:
    async with aclosing(steps):
        yield _line(shown.of(first))
        try:
            async for each in steps:
                yield _line(shown.of(each))
        except TooManyRecords:
            yield _line({"problem": {"type": "too_many_records", "zh": TOO_MANY[0], "en": TOO_MANY[1]}})
        except Unavailable as why:
            told = refusal_of(why)
            yield _line({"problem": {"type": told.type, "zh": told.detail, "en": told.title}})


def _line(shown: dict[str, Any]) -> bytes:
    return orjson.dumps(shown, option=orjson.OPT_UTC_Z) + b"\n"


class WhatIfAnswer:
    """The steps as they are told. ``names_matters``: whether whoever asks may hear which matters they are."""

    def __init__(self, desk: ClockLookUps, period: WhatIfPeriod, division: str, *, names_matters: bool) -> None:
        self._period, self._division, self._names_matters = period, division, names_matters
        self._units = desk.unit_names()
        named = (each.standard for each in desk.catalogue.standards())
        self._standards = {code: zh for code, (zh, _) in NAMES.items()} | {each.code: each.name_zh for each in named}

    def of(self, step: WhatIfProgress | Comparison) -> dict[str, Any]:
        """One line of the answer."""
        if isinstance(step, WhatIfProgress):
            return {"progress": {"done": step.done, "of": step.partitions, "matters": step.matters}}
        return {"result": self.result(step)}

    def result(self, found: Comparison) -> dict[str, Any]:
        """The comparison with the period that it is about."""
        rows = [
            {
                "unit": unit,
                "unit_zh": self._units.get(unit, ""),
                "standard": standard,
                "standard_zh": self._standards.get(standard, ""),
                "today": self._figures(row.today),
                "candidate": self._figures(row.candidate),
            }
            for (unit, standard), row in found.ordered()
        ]
        total = {"today": self._figures(found.total.today), "candidate": self._figures(found.total.candidate)}
        return {
            "since": self._period.since,
            "to": self._period.to,
            "division": self._division,
            "matters": found.matters,
            "unreadable": found.unreadable,
            "total": total,
            "rows": rows,
        }

    def _figures(self, figures: Figures) -> dict[str, Any]:
        return {
            what: {"count": each.count, "numbers": each.numbers if self._names_matters else []}
            for what, each in figures.items()
        }

"""Plays the people against the running system: registers matters, watches the portal, does what somebody wishes."""

import asyncio
import heapq
import itertools
import random
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx2

from cli.demo.offices import COUNTY, TIMEOUT, HttpOffices
from cli.demo.portal_view import Duties, Memory, Waits, duties_of, seen
from contracts import lifecycle
from simulation.people import Act, People, SeenStage, StageReached, Wish, by_day
from simulation.sample_matters import Matter

POLL_EVERY = 0.4  # seconds of wall time
PAGE = 200  # tickets of one page of the portal's list
LOOKS_BEHIND = 25  # looks, ten seconds or more of wall time: the portal folds a fact a while after it happened
AT_ONCE = 16  # calls under way
TRIES = 6  # calls for one wish while a service is busy or has not heard of the ticket yet
SENT_AGAIN = 0.05  # share of submissions that somebody sends twice
NEEDED = ("intake", "routing", "feedback", "portal")
BUSY = (404, 429, 503)
NAMESPACE = uuid.UUID("6f9b7f0a-0000-4000-8000-000000431226")
OPEN = tuple(state.value for state in lifecycle.TicketState if state not in lifecycle.ENDED)
Say = Callable[[str, str, str], None]
"""Tells the audience: number, what, words."""


@dataclass(order=True, slots=True)
class PlannedWish:
    """A wish that waits for its instant of domain time."""

    due: datetime
    nth: int
    seen: StageReached = field(compare=False)
    wish: Wish = field(compare=False)
    tries: int = field(default=0, compare=False)


@dataclass(slots=True)
class Score:
    """What has happened so far."""

    registered: int = 0
    resent: int = 0
    acts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)

    def did(self, act: Act) -> None:
        self.acts[act.value] = self.acts.get(act.value, 0) + 1


class Player:
    """One demonstration. ``run`` tells this demonstration's keys from those of another one with the same seed."""

    def __init__(self, offices: HttpOffices, people: People, matters: Iterator[Matter], run: str, say: Say) -> None:
        self._offices, self._people, self._matters, self._run, self._say = offices, people, matters, run, say
        self.score, self.codes = Score(), dict[str, str]()
        self._memory, self._numbers = Memory(), itertools.count()
        self._planned: list[PlannedWish] = []
        self._looks = deque[datetime](maxlen=LOOKS_BEHIND)
        self._duties: Duties | None = None
        self._neighbours: dict[str, tuple[str, ...]] = {}
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def wait(self, done: Callable[[], bool]) -> None:
        """Until the doors that the people need are open, or ``done``."""
        for service in NEEDED:
            while True:
                if done() or await self._offices.is_ready(service):
                    break
                await asyncio.sleep(POLL_EVERY)

    async def register(self, how_many: int, rate: float) -> None:
        """Register so many matters, ``rate`` a second."""
        chance = random.Random(f"{self._people.seed}/doors")
        for nth in range(how_many):
            matter, key = next(self._matters), uuid.uuid5(NAMESPACE, f"{self._run}/{self._people.seed}/{nth}")
            if await self._registered(matter, key) and chance.random() < SENT_AGAIN:
                self.score.resent += await self._registered(matter, key, again=True)
            await asyncio.sleep(1 / rate)

    async def _registered(self, matter: Matter, key: uuid.UUID, *, again: bool = False) -> bool:
        try:
            receipt = await self._offices.register(matter, key)
        except httpx2.HTTPError as why:
            self._say("", "busy", f"{matter.title}（{type(why).__name__}）")
            return False
        number = str(receipt["number"])
        self.codes[number] = str(receipt["query_code"])
        if matter.co_reporters:
            self._neighbours[number] = tuple(each.phone for each in matter.co_reporters)
        self.score.registered += not again
        self._say(number, "sent_again" if again else "registered", matter.title)
        return True

    async def play(self, done: Callable[[], bool]) -> None:
        """Watch and act until ``done``."""
        while not done():
            try:
                await self._look()
                await self._act()
            except httpx2.HTTPError as why:
                self._say("", "busy", type(why).__name__)
            await asyncio.sleep(POLL_EVERY)

    async def _look(self) -> None:
        if self._duties is None:
            self._duties = duties_of(await self._offices.get("routing", "/v1/units", "lead", county=COUNTY))
        tickets = await self._changed()
        waiting = await self._waiting() if any(each["state"] in ("queued", "disputed") for each in tickets) else {}
        for ticket in tickets:
            self._note_end(ticket)
            for what in seen(ticket, self._duties, waiting.get(ticket["number"], Waits())):
                self._take(what)
        for call in (await self._offices.get("feedback", "/v1/look-backs", "clerk"))["calls"]:
            self._take(StageReached(ticket=call["number"], stage=SeenStage.CALL, nth=call["round"], unit=call["unit"]))

    async def _changed(self) -> list[Mapping[str, Any]]:
        """All open tickets at first, then those that changed lately; ``now`` is the system's own domain time."""
        since = {"changed_from": self._looks[0].isoformat()} if self._looks else {"state": OPEN}
        found: list[Mapping[str, Any]] = []
        for page in itertools.count():
            query = {**since, "division": COUNTY, "limit": PAGE, "skip": page * PAGE}
            answer = await self._offices.get("portal", "/v1/tickets", "supervisor", **query)
            found += answer["tickets"]
            if len(answer["tickets"]) < PAGE:
                break
        self._looks.append(datetime.fromisoformat(answer["now"]))
        return found

    @property
    def _now(self) -> datetime | None:
        return self._looks[-1] if self._looks else None

    async def _waiting(self) -> dict[str, Waits]:
        work = await self._offices.get("routing", "/v1/work-list", "supervisor", at_most=1000)
        return {each["number"]: Waits(tuple(each["candidates"]), tuple(each["returned_by"])) for each in work}

    def _note_end(self, ticket: Mapping[str, Any]) -> None:
        number, state = ticket["number"], ticket["state"]
        if number in self.codes and state not in OPEN:
            if self.score.ended.get(number) != state:
                self._say(number, state, ticket["title"])
            self.score.ended[number] = state
        else:
            self.score.ended.pop(number, None)

    def _take(self, what: StageReached) -> None:
        if self._now is None or not self._memory.is_new(what):
            return
        for wish in self._people.decide(what):
            if wish.role != "reporter" or what.ticket in self.codes:
                heapq.heappush(
                    self._planned, PlannedWish(by_day(self._now + wish.after), next(self._numbers), what, wish)
                )

    async def _act(self) -> None:
        due: list[PlannedWish] = []
        now = self._now
        while self._planned and now and self._planned[0].due <= now:
            due.append(heapq.heappop(self._planned))
        by_ticket: dict[str, list[PlannedWish]] = {}
        for planned in due:
            by_ticket.setdefault(planned.seen.ticket, []).append(planned)
        await asyncio.gather(*(self._in_order(each) for each in by_ticket.values()))

    async def _in_order(self, planned: list[PlannedWish]) -> None:
        async with self._gate:
            for each in planned:
                await self._do(each)

    async def _do(self, planned: PlannedWish) -> None:
        what, wish, now = planned.seen, planned.wish, self._now
        assert now is not None, "nothing is planned before the first look"
        try:
            code = await self._code(what.ticket, wish.voter) if wish.role == "reporter" else ""
            if wish.role == "reporter" and not code:
                return
            if wish.act is Act.ACCEPT:
                wish = replace(wish, standard=await self._offices.standard(what.ticket, wish.unit))
                if not wish.standard:
                    self._again(planned)
                    return
            answer = await self._offices.ask(what, wish, now, code)
        except httpx2.HTTPError:
            self._again(planned)
            return
        if answer.status_code in BUSY:
            self._again(planned)
        elif answer.is_success:
            self.score.did(wish.act)
            self._say(what.ticket, wish.act.value, told(wish))
        else:
            code = str(answer.json().get("type", answer.status_code))
            self.score.refused[code] = self.score.refused.get(code, 0) + 1

    async def _code(self, number: str, voter: int) -> str:
        """The filer has the code from the receipt, the neighbours from an SMS; "" when none came: they stay silent."""
        if voter == 0:
            return self.codes.get(number, "")
        phones = self._neighbours.get(number, ())
        return await self._offices.code_by_sms(phones[voter - 1], number) if voter <= len(phones) else ""

    def _again(self, planned: PlannedWish) -> None:
        """Later: the same key is safe to send again."""
        if planned.tries < TRIES:
            later = planned.due + timedelta(hours=2**planned.tries)
            heapq.heappush(
                self._planned, PlannedWish(later, planned.nth, planned.seen, planned.wish, planned.tries + 1)
            )


def told(wish: Wish) -> str:
    """A wish in a few words."""
    if wish.act in (Act.EVALUATE, Act.LOOK_BACK):
        return f"{wish.grade}级，{'已解决' if wish.solved else '未解决'}"
    return wish.words or wish.standard or wish.ground or wish.unit


def client() -> httpx2.AsyncClient:
    """A client for the loopback: no proxy."""
    return httpx2.AsyncClient(timeout=TIMEOUT, trust_env=False)

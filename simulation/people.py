"""The simulated people (演示角色): what units, reporters and offices decide, purely, from a seed.

One stage of a ticket in, wishes out; whoever plays them turns a wish into a request over HTTP (``duban demo``) or in
memory (the simulation). A decision hangs on seed, ticket, stage and count alone, never on the order of questions.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from contracts.vocabulary import CHINA, is_supervision
from simulation.unit_words import contact_after, done, progress

DAY = timedelta(days=1)
MORNING, EVENING = time(8), time(17, 30)  # between which people act; who plays them may be a few hours late
RETURNS, IGNORES = 0.10, 0.05  # of assignments, the first time; the rest is accepted
TARDY = 0.06  # of matters in hand: completed only after an order
DISSATISFIED, SILENT = 0.15, 0.05  # of reporters; the rest is satisfied
CHECKED = 0.02  # of struck-off matters: a spot check fails
REJECTED, DEPUTISED = 0.10, 0.3  # of reviews: the work is sent back the first time; a deputy does it
REVIEWERS = {"unit_head": "head", "lead": "lead", "leader": "leader", "supervision": "supervisor"}
HOMELESS = "GOV.04"  # the category of what no word of the taxonomy speaks for
GROUNDS = ("not_our_duty", "already_handled", "facts_unclear")


class SeenStage(StrEnum):
    """Where a ticket stands, as the people see it."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    DISPUTED = "disputed"
    IN_HAND = "in_hand"
    PLANNED = "planned"
    """A plan waits for its reviewer."""
    REDRAFT = "redraft"
    UNDER_REVIEW = "under_review"
    REWORK = "rework"
    AWAITING_EVALUATION = "awaiting_evaluation"
    STRUCK_OFF = "struck_off"
    ORDERED = "ordered"
    CALL = "call"
    """The time for votes is over and the filer was silent."""


class Act(StrEnum):
    ASSIGN = "assign"
    ACCEPT = "accept"
    RETURN = "return"
    PLAN = "plan"
    REVIEW_PLAN = "review_plan"
    PROGRESS = "progress"
    CONTACT = "contact"
    REVIEW = "review"
    COMPLETE = "complete"
    EVALUATE = "evaluate"
    LOOK_BACK = "look_back"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReached:
    """A ticket that has just come to a stage for the ``nth`` time (hop, round, order).

    ``state``, ``state_nth``: where it stands while an order comes. ``urgent``: everybody hurries. ``candidates``: units
    that a queued or disputed matter may go to, but for those in ``returned_by``, which gave it back. ``level``: which
    of the review it is at, with ``reviewer``, or a ``deputy`` of theirs; of a plan its version.
    """

    ticket: str
    stage: SeenStage
    nth: int = 1
    unit: str = ""
    state: str = ""
    state_nth: int = 1
    urgent: bool = False
    voters: int = 1
    returns: int = 0
    candidates: tuple[str, ...] = ()
    returned_by: tuple[str, ...] = ()
    level: int = 0
    reviewer: str = ""
    reviewer_kind: str = "lead"
    deputy: str = ""
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody of ``role`` wants this after some domain time. Fields that an act does not need are empty.

    A unit accepts under the first ``standard`` that it may choose when it comes to it: whoever plays it looks that up.
    """

    after: timedelta
    act: Act
    role: str
    unit: str = ""
    category: str = ""
    standard: str = ""
    ground: str = ""
    voter: int = 0
    grade: int = 0
    solved: bool = False
    words: str = ""
    level: int = 0
    round: int = 1
    account: str = ""


def by_day(instant: datetime) -> datetime:
    """The instant, or the next morning: nobody acts at night. Keeps the order of instants."""
    local = instant.astimezone(CHINA)
    if MORNING <= local.time() < EVENING:
        return instant
    on = local.date() + DAY * (local.time() >= EVENING)
    return datetime.combine(on, MORNING, CHINA).astimezone(instant.tzinfo)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, from a seed. ``pace`` stretches all waiting.

    ``returns``: share of assignments that come back; ``checked``: share of struck-off matters whose check fails;
    ``rejects``: share of plans and of submitted work that a reviewer sends back, the first time only.
    """

    seed: int
    pace: float = 1.0
    returns: float = RETURNS
    checked: float = CHECKED
    rejects: float = REJECTED
    homes: tuple[str, ...] = ("431226-XF", "431226-ZW")
    """Who takes, as a question (HOMELESS), what is nobody's duty."""

    def decide(self, seen: StageReached) -> tuple[Wish, ...]:
        """What the people do now that they see this; nothing when they do nothing."""
        decide = {
            SeenStage.QUEUED: self._assign,
            SeenStage.DISPUTED: self._assign,
            SeenStage.ASSIGNED: self._answer,
            SeenStage.IN_HAND: self._start,
            SeenStage.PLANNED: self._review_plan,
            SeenStage.REDRAFT: self._again,
            SeenStage.UNDER_REVIEW: self._review,
            SeenStage.REWORK: self._start,
            SeenStage.AWAITING_EVALUATION: self._evaluate,
            SeenStage.CALL: self._look_back,
            SeenStage.STRUCK_OFF: self._check,
            SeenStage.ORDERED: self._obey,
        }
        return decide[seen.stage](seen)

    def is_tardy(self, ticket: str, nth: int) -> bool:
        """Whether the unit lets the matter lie until an order comes."""
        return self._chance(ticket, "tardy", nth).random() < TARDY

    def _chance(self, ticket: str, question: str, *more: object) -> random.Random:
        return random.Random(f"{self.seed}/{ticket}/{question}/{'/'.join(map(str, more))}")

    def _after(self, chance: random.Random, least: float, most: float, *, urgent: bool = False) -> timedelta:
        """Between two numbers of working days; a fifth of it when urgent."""
        return DAY * chance.uniform(least, most) * self.pace * (0.2 if urgent else 1.0)

    def _assign(self, seen: StageReached) -> tuple[Wish, ...]:
        """The lead unit hands out what is queued; a dispute is decided by the supervision office."""
        chance = self._chance(seen.ticket, "assign", seen.stage, seen.nth)
        role = "supervisor" if seen.stage is SeenStage.DISPUTED else "lead"
        units = [unit for unit in seen.candidates if unit not in seen.returned_by]
        home = next((unit for unit in self.homes if unit not in seen.returned_by), self.homes[0])
        unit, category = (chance.choice(units), "") if units else (home, HOMELESS)
        after = self._after(chance, 0.1, 0.5, urgent=seen.urgent)
        words = "经与各单位核对职责清单，此事由该单位办理。" if role == "supervisor" else ""
        return (Wish(after=after, act=Act.ASSIGN, role=role, unit=unit, category=category, words=words),)

    def _answer(self, seen: StageReached) -> tuple[Wish, ...]:
        """A unit accepts, returns once with a ground, or does nothing until an order comes."""
        chance = self._chance(seen.ticket, "answer", seen.nth)
        share, after = chance.random(), self._after(chance, 0.05, 0.6, urgent=seen.urgent)
        if share < IGNORES and not seen.urgent:
            return ()
        if share < IGNORES + self.returns and self._may_return(seen):
            ground = chance.choice(GROUNDS)
            words = "经核实，此事不在本单位职责范围内，请改派。"
            return (Wish(after=after, act=Act.RETURN, role="unit", unit=seen.unit, ground=ground, words=words),)
        return (self._accept(seen, after),)

    def _may_return(self, seen: StageReached) -> bool:
        """Once; in every third such matter the next unit returns it too, and the supervision office must decide."""
        return seen.returns == 0 or (seen.returns == 1 and self._chance(seen.ticket, "quarrel").random() < 1 / 3)

    def _accept(self, seen: StageReached, after: timedelta) -> Wish:
        return Wish(after=after, act=Act.ACCEPT, role="unit", unit=seen.unit)

    def _start(self, seen: StageReached) -> tuple[Wish, ...]:
        """Most units begin at once; a tardy one lets it lie."""
        if self.is_tardy(seen.ticket, seen.nth):
            return ()
        return (*self._contact(seen), *self._work(seen, timedelta()))

    def _contact(self, seen: StageReached) -> tuple[Wish, ...]:
        """Most units ring the reporters in time, some late, a few not at all; not all are reached."""
        chance = self._chance(seen.ticket, "contact")
        days, reached = contact_after(chance), chance.random() < 0.9
        if seen.stage is SeenStage.REWORK or days is None:
            return ()
        return (Wish(after=DAY * days * self.pace, act=Act.CONTACT, role="unit", unit=seen.unit, solved=reached),)

    def _work(self, seen: StageReached, start: timedelta) -> tuple[Wish, ...]:
        """Plan, a word of progress, completion with evidence."""
        chance = self._chance(seen.ticket, "work", seen.stage, seen.nth)
        steps = [self._after(chance, 0.05, 0.3, urgent=seen.urgent) for _ in range(3)]
        acts = (
            (Act.PLAN, "现场核实，安排专人限期处理。"),
            (Act.PROGRESS, progress(chance)),
            (Act.COMPLETE, done(again=seen.stage is SeenStage.REWORK)),
        )
        return tuple(
            Wish(after=start + sum(steps[: at + 1], timedelta()), act=act, role="unit", unit=seen.unit, words=words)
            for at, (act, words) in enumerate(acts)
        )

    def _review_plan(self, seen: StageReached) -> tuple[Wish, ...]:
        """The reviewer approves; of first versions some are to be drafted anew."""
        chance = self._chance(seen.ticket, "plan", seen.level)
        rejects = seen.level == 1 and chance.random() < self.rejects
        wish = _reviewing(seen, Act.REVIEW_PLAN, self._after(chance, 0.01, 0.04))
        return (replace(wish, solved=not rejects, ground="measures_vague" if rejects else ""),)

    def _again(self, seen: StageReached) -> tuple[Wish, ...]:
        """A plan that was not approved is drafted anew at once, and the work done after it."""
        chance = self._chance(seen.ticket, "again", seen.level)
        return self._work(seen, self._after(chance, 0.01, 0.05))

    def _review(self, seen: StageReached) -> tuple[Wish, ...]:
        """A level passes the work, or sends it back the first time; now and then its deputy does."""
        chance = self._chance(seen.ticket, "review", seen.round, seen.nth, seen.level)
        rejects = seen.nth == 1 and chance.random() < self.rejects
        wish = _reviewing(seen, Act.REVIEW, self._after(chance, 0.05, 0.3))
        if seen.deputy and chance.random() < DEPUTISED:
            wish = replace(wish, role="unit", unit=seen.unit, account=seen.deputy)
        return (replace(wish, solved=not rejects, ground="evidence_lacking" if rejects else ""),)

    def _evaluate(self, seen: StageReached) -> tuple[Wish, ...]:
        return tuple(wish for voter in range(seen.voters) for wish in self._vote(seen, voter))

    def _vote(self, seen: StageReached, voter: int) -> tuple[Wish, ...]:
        """Satisfied, dissatisfied in the first round only, or silent."""
        chance = self._chance(seen.ticket, "vote", seen.nth, voter)
        kind = self._chance(seen.ticket, "mood", voter).random()
        if kind < SILENT:
            return ()
        unhappy = seen.nth == 1 and kind < SILENT + DISSATISFIED
        grade, words = (
            (chance.choice((1, 2)), "没有解决，请再来看。") if unhappy else (chance.choice((4, 5)), "办好了。")
        )
        after = self._after(chance, 0.2, 1.5)
        return (
            Wish(
                after=after,
                act=Act.EVALUATE,
                role="reporter",
                voter=voter,
                grade=grade,
                solved=not unhappy,
                words=words,
            ),
        )

    def _look_back(self, seen: StageReached) -> tuple[Wish, ...]:
        """Somebody calls the silent filer, who says what was not written."""
        chance = self._chance(seen.ticket, "call", seen.nth)
        solved = seen.nth > 1 or chance.random() < 0.9
        grade = chance.choice((3, 4, 5)) if solved else 2
        after = self._after(chance, 0.1, 0.5)
        return (Wish(after=after, act=Act.LOOK_BACK, role="clerk", grade=grade, solved=solved, words="电话回访。"),)

    def _check(self, seen: StageReached) -> tuple[Wish, ...]:
        """A spot check fails now and then, the first time only."""
        chance = self._chance(seen.ticket, "check")
        if seen.nth > 1 or chance.random() >= self.checked:
            return ()
        return (Wish(after=self._after(chance, 1, 2), act=Act.REOPEN, role="supervisor", ground="spot_check_failed"),)

    def _obey(self, seen: StageReached) -> tuple[Wish, ...]:
        """The unit that did nothing does it now that there is an order; one that is at it already goes on."""
        idle = (SeenStage.ASSIGNED, SeenStage.IN_HAND, SeenStage.REWORK)
        if seen.state not in idle or self.decide(replace(seen, stage=SeenStage(seen.state), nth=seen.state_nth)):
            return ()
        chance = self._chance(seen.ticket, "obey", seen.nth)
        after = self._after(chance, 0.1, 0.4)
        return (self._accept(seen, after),) if seen.state == SeenStage.ASSIGNED else self._work(seen, after)


def _reviewing(seen: StageReached, act: Act, after: timedelta) -> Wish:
    """Each level is another person, also where one office sits in two."""
    role = "supervisor" if is_supervision(seen.reviewer) else REVIEWERS[seen.reviewer_kind]
    wish = Wish(after=after, act=act, role=role, unit=seen.reviewer, level=seen.level, round=seen.round)
    return replace(wish, account=f"{role}.{seen.reviewer}.{seen.level}")

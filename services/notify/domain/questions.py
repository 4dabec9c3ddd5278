"""Which reporters are asked to evaluate, and until when a question stands open."""

from dataclasses import dataclass
from datetime import timedelta

from services.notify.domain.deliveries import REPORTER, TicketDeliveries

ASKING = ("evaluate", "remind")  # kinds that ask whoever reads them for an evaluation
ENDING = ("evaluate", "rework", "struck_off", "withdrawn")  # of which the last one says whether somebody is asked
REPLY_HELP = "reply_help"  # the notice that says how one evaluates by SMS
OPEN_FOR = timedelta(days=30)  # from when it was last asked


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """That a reporter was asked by SMS to evaluate a matter in a round."""

    ticket: str
    number: str
    person: int
    round: int


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """An open question as it is kept. ``answered``: a vote by SMS came, which another may still change."""

    question: OpenQuestion
    answered: bool = False


def asks(post: TicketDeliveries, person: int, round_: int) -> bool:
    """Whether the matter still waits for this reporter's evaluation in this round."""
    said = [item for item in post.items if (item.audience, item.person) == (REPORTER, person) and item.kind in ENDING]
    return bool(said) and (said[-1].kind, said[-1].round) == ("evaluate", round_)


def meant(asked: list[QuestionAsked]) -> list[OpenQuestion]:
    """The questions that a reply may answer: those without an answer; if all have one, it changes a vote."""
    waiting = [each.question for each in asked if not each.answered]
    return waiting or [each.question for each in asked]

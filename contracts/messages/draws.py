"""抽查 (E8): a draw in the log of affairs, under the key ``draw/<code>``, and the checks that follow in the ticket log.

Facts are past tense and carry values; requests are imperative. The algorithm is ``contracts.draws``.
"""

from datetime import datetime

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Evidence, Sealed


class SignedHead(Body):
    """A head of the ledger as it was signed: number, hash, and the key and signature in hex."""

    number: int
    hash: str
    key: str
    signature: str


class DrawStratum(Body):
    """One stratum of a draw: how many matters it has, and which were drawn."""

    name: str
    size: int
    drawn: tuple[str, ...]


class DrawAnnounced(Body):
    """预告: a draw over what is struck off in ``begins`` … ``ends`` of a division, said before the period is over.

    ``permille``, ``percent``: error rate and confidence that the sample sizes follow from. ``commitment``: of a nonce
    that is shown with the sample. ``outside``: the source whose value goes into the seed; "" for none.
    """

    division: str
    begins: datetime
    ends: datetime
    closes: datetime
    permille: int
    percent: int
    algorithm: str
    commitment: str
    outside: str = ""


class DrawClosed(Body):
    """封盘: what is struck off from here on is not in the population."""

    ends: datetime


class OutsideSupplied(Body):
    """The value of the source that the announcement named."""

    value: str


class SampleDrawn(Body):
    """抽样结果: everything that shows how it came about. ``population``: the digest of the lines."""

    nonce: str
    head: SignedHead
    outside: str
    population: str
    seed: str
    strata: tuple[DrawStratum, ...]


class AnnounceDraw(Body):
    """The supervision office announces a draw."""

    division: str
    begins: datetime
    ends: datetime
    permille: int
    percent: int
    commitment: str
    outside: str = ""


class SupplyOutside(Body):
    """The supervision office types in the value of the source that it named."""

    value: str


class DrawSample(Body):
    """The ledger draws: it alone knows which of its signed heads is the first that covers the closing."""

    nonce: str
    head: SignedHead
    population: str
    strata: tuple[DrawStratum, ...]


class CheckOpened(Body):
    """待查: a draw, or somebody by hand, wants this matter checked. ``remote``: it may be checked from afar."""

    draw: str
    remote: bool
    due: datetime


class CheckRecorded(Body):
    """检查结果: what a check found. ``ground``: why it failed; ``correct_by``: until when it is to be mended."""

    draw: str
    method: str
    others_asked: int
    passed: bool
    ground: str = ""
    correct_by: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    note: Sealed = ""


class CheckTicket(Body):
    """Wants a matter checked; of a draw, or by hand."""

    draw: str
    remote: bool
    due: datetime


class RecordCheck(Body):
    """The supervision office records what it found."""

    draw: str
    method: str
    others_asked: int
    passed: bool
    ground: str = ""
    correct_by: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    note: Sealed = ""


ENTRIES = (
    fact(DrawAnnounced, "feedback", "intake", topic="affairs"),
    fact(DrawClosed, "feedback", "intake", topic="affairs"),
    fact(OutsideSupplied, "feedback", "intake", topic="affairs"),
    fact(SampleDrawn, "feedback", "intake", topic="affairs"),
    request(AnnounceDraw, "feedback", "feedback", topic="affairs"),
    request(SupplyOutside, "feedback", "feedback", topic="affairs"),
    request(DrawSample, "intake", "feedback", topic="affairs"),
    fact(CheckOpened, "feedback", "portal"),
    fact(CheckRecorded, "feedback", "portal"),
    request(CheckTicket, "feedback", "feedback"),
    request(RecordCheck, "feedback", "feedback"),
)

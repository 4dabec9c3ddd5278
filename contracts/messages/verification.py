"""核实 (E13): what was found of what people reported, before or during the work."""

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Evidence, Sealed


class MatterVerified(Body):
    """核实结果: true, partly or untrue, how it was found, and by whom (the fact's actor).

    ``lacks_explanation``: what it mainly lacked was an explanation. ``stands``: False while somebody outside the unit
    at work has yet to find the same: nobody verifies alone what concerns their own unit.
    """

    round: int
    finding: str
    method: str
    stands: bool
    lacks_explanation: bool = False
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


class VerifyMatter(Body):
    """Somebody found out what is true of a matter."""

    finding: str
    method: str
    lacks_explanation: bool = False
    evidence: tuple[Evidence, ...] = ()
    words: Sealed = ""


ENTRIES = (
    fact(MatterVerified, "feedback", "portal"),
    request(VerifyMatter, "feedback", "feedback"),
)
"""Who says each message and who reads it."""

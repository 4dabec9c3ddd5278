"""Folds of what came of a matter: who was held to account, which rule was made (E12)."""

from datetime import datetime

from contracts.envelope import Message
from contracts.messages import accountability
from services.portal.reading.ticket import steps
from services.portal.reading.ticket.document import SaidWords, Ticket
from services.portal.reading.ticket.fold.folding import Folded, follows, told
from services.portal.reading.ticket.fold.words import clear


def on_accountability_recorded(
    ticket: Ticket, message: Message[accountability.AccountabilityRecorded], now: datetime
) -> Folded:
    """Everybody reads the outcome; who it was, and the words, are for supervision and auditors."""
    words = "" if ticket.erased else "：".join(filter(None, (clear(message, 1), clear(message))))
    said = SaidWords(words=words, inward=True, restricted=True) if words else None
    return told(ticket, message, steps.HeldToAccountStep(outcome=message.body.outcome), said)


def on_rule_recorded(ticket: Ticket, message: Message[accountability.RuleRecorded], now: datetime) -> Folded:
    body = message.body
    return told(ticket, message, steps.RuleMadeStep(scope=body.scope, valid_from=body.valid_from, title=body.title))


REACTS = (
    follows(accountability.AccountabilityRecorded, on_accountability_recorded),
    follows(accountability.RuleRecorded, on_rule_recorded),
)
"""Each fact with the fold that is made for it."""

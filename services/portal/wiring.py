"""The portal put together: the fold over the ticket log, and the pages over what it folded. Start reading here."""

from collections.abc import Mapping, Sequence

from contracts.envelope import Body, Message
from runtime.service import Prepare, Service
from services.portal.domain.ticket import Ticket
from services.portal.ports import Sealed, Words
from services.portal.projection import reacts, registration


def build(words: Words) -> Service[Ticket]:
    """The portal's loop; documents are stored whole, because they are searched by any field."""
    return Service(
        name="portal",
        document=Ticket,
        reacts=reacts.REACTS,
        prepare=_opened(words),
        omit_defaults=False,
    )


def _opened(words: Words) -> Prepare:
    """Clear words by message id, all tickets of a batch in one read of the vault."""

    async def prepare(messages: Sequence[Message[Body]]) -> Mapping[str, object]:
        sealed = [(message, text) for message in messages if (text := registration.sealed_in(message.body))]
        by_ticket: dict[str, list[Sealed]] = {}
        for message, text in sealed:
            by_ticket.setdefault(message.ticket, []).append(text)
        clear = {ticket: iter(opened) for ticket, opened in (await words.open_many(by_ticket)).items()}
        return {message.id: next(clear[message.ticket], "") for message, _ in sealed}

    return prepare

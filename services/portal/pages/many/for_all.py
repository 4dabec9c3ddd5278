"""What may be chosen for all matters of a form at once."""

from collections.abc import Sequence

from services.portal.pages.desk_acts import choices
from services.portal.pages.desk_acts.choices import SOURCES, Offered
from services.portal.pages.many.acts import ACCEPT, MANY
from services.portal.pages.many.sending import eight_at_once
from services.portal.pages.services import ServiceRefused
from services.portal.pages.sign_in.acting import ActingStaff

NOT_THEIRS = (403, 404, 409)
"""A matter that whoever asks has not, or not any more: it has no say, and is refused when the form is sent."""


async def offered(act: str, who: ActingStaff, numbers: Sequence[str]) -> dict[str, list[Offered]]:
    """Field → what may be chosen for all of them. Raises ServiceRefused."""
    if act != ACCEPT:
        return await choices.offered(MANY[act], who, numbers[0])
    return {"standard": in_common(await _standards(who, numbers))}


def in_common(of_each: Sequence[Sequence[Offered]]) -> list[Offered]:
    """What is in every one of them, in the order of the first."""
    codes = [{each.code for each in one} for one in of_each]
    return [each for one in of_each[:1] for each in one if all(each.code in found for found in codes)]


async def _standards(who: ActingStaff, numbers: Sequence[str]) -> list[list[Offered]]:
    """Of each matter that says so, in the order of ``numbers``. Raises ServiceRefused."""
    found: dict[str, list[Offered]] = {}
    silent: list[ServiceRefused] = []
    source = SOURCES["standards"]

    async def asked(number: str) -> None:
        if silent:
            return
        try:
            answered = await who.ask(source.service, source.path.format(number=number))
            found[number] = source.taken(answered.json, number)
        except ServiceRefused as refused:
            silent.extend([refused] if refused.status not in NOT_THEIRS else [])

    await eight_at_once(numbers, asked)
    if silent:
        raise silent[0]
    return [found[number] for number in numbers if number in found]

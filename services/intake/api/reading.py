"""A submission read from a request: field by field by its model, then the people in it as one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from runtime.http.bodies import limited_json
from runtime.values import id_numbers, phones
from services.intake.api.bodies import Reporter, Submission
from services.intake.domain.persons import repeats

REPEATED_ZH = "与前面一位反映人的相同：一人只算一席，请填其本人的，或删去这一位。"
REPEATED_EN = "Somebody before gave the same: one person is one voter. Give their own, or leave this person out."
UNBORN_ZH = "身份证号中的出生日期还没到，请核对。"
UNBORN_EN = "The date of birth in this number is still to come: look again."
NOT_HERE_ZH = "未登录登记时，联名人请填中国内地的号码，不收境外号码和400、800等服务号码；也可只填邮箱。"
NOT_HERE_EN = "Not signed in, name co-reporters with numbers of mainland China, none for services; or e-mail."
Complaints = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ReadSubmission:
    """What was sent, and the bytes that it was read from."""

    submission: Submission
    raw: bytes


async def read_submission(request: Request, today: date, *, is_vouched_for: bool) -> ReadSubmission:
    """Raises RequestValidationError with all that is wrong, a 413 or a 415.

    ``is_vouched_for``: whoever sends it answers for whom it names, and may name anybody.
    """
    raw = await limited_json(request)
    try:
        submission = Submission.model_validate_json(raw)
    except ValidationError as wrong:
        raise RequestValidationError(wrong.errors(include_url=False, include_input=False)) from None
    strangers = [] if is_vouched_for else _out_of_reach(submission)
    if complaints := [*_repeated(submission), *_unborn(submission, today), *strangers]:
        raise RequestValidationError(complaints)
    return ReadSubmission(submission, raw)


def _people(submission: Submission) -> list[Reporter]:
    return [submission.reporter or Reporter(), *submission.co_reporters]


def _repeated(submission: Submission) -> Complaints:
    if not submission.co_reporters:
        return []
    known = [_keys(person) for person in _people(submission)]
    return [_complaint(each.person, each.key, "repeated_person", REPEATED_EN, REPEATED_ZH) for each in repeats(known)]


def _keys(person: Reporter) -> dict[str, str | None]:
    permit = "".join(person.permit.number.split()) if person.permit else None
    return {"phone": person.phone, "email": person.email, "id_number": person.id_number, "permit": permit}


def _unborn(submission: Submission, today: date) -> Iterator[dict[str, Any]]:
    for nth, person in enumerate(_people(submission)):
        if person.id_number and id_numbers.born(person.id_number) > today:
            yield _complaint(nth, "id_number", "id_date", UNBORN_EN, UNBORN_ZH)


def _out_of_reach(submission: Submission) -> Iterator[dict[str, Any]]:
    """Co-reporters with a number that costs, or is no person's: nobody who is not signed in has it texted."""
    for nth, person in enumerate(submission.co_reporters, 1):
        if person.phone and not phones.read(person.phone).is_a_subscribers:
            yield _complaint(nth, "phone", "phone_not_here", NOT_HERE_EN, NOT_HERE_ZH)


def _complaint(person: int, key: str, code: str, en: str, zh: str) -> dict[str, Any]:
    whose = ("co_reporters", person - 1) if person else ("reporter",)
    where = ("number",) if key == "permit" else ()
    return {"type": code, "loc": (*whose, key, *where), "msg": en, "ctx": {"zh": zh}}

"""What intake says and what is asked of it."""

from contracts.messages import intake
from tests.facts.values import COUNTY, NUMBER, made, voters


def submission_received(**changed: object) -> intake.SubmissionReceived:
    return made(
        intake.SubmissionReceived,
        changed,
        number=NUMBER,
        channel="web",
        door=COUNTY,
        principal="nobody",
        body_digest="0" * 64,
        body_form=1,
        day_key="2026-03-02",
        sealed="sealed",
    )


def registered(**changed: object) -> intake.TicketRegistered:
    given = {"number": NUMBER, "channel": "web", "door": COUNTY, "words": "sealed", "voters": voters()}
    return made(intake.TicketRegistered, changed, **given)


def screened_out(**changed: object) -> intake.TicketScreenedOut:
    return made(
        intake.TicketScreenedOut,
        changed,
        number=NUMBER,
        channel="web",
        door=COUNTY,
        rule="unclear_statement",
        reason_zh="说不清。",
        reason_en="Unclear.",
        words="sealed",
        voters=voters(),
    )


def conflicted(**changed: object) -> intake.SubmissionConflicted:
    given = {"first_digest": "0" * 64, "second_digest": "1" * 64, "words": "sealed", "voter": voters()[0]}
    return made(intake.SubmissionConflicted, changed, **given)


def supplemented(**changed: object) -> intake.TicketSupplemented:
    return made(intake.TicketSupplemented, changed, voter=0, index=1, words="sealed")


def danger_added(**changed: object) -> intake.DangerAdded:
    return made(intake.DangerAdded, changed, index=1, urgency="fire", urgency_level="now")


def withdrawn(**changed: object) -> intake.TicketWithdrawn:
    return made(intake.TicketWithdrawn, changed, voter=0, state="in_hand")


def seat_confirmed(**changed: object) -> intake.SeatConfirmed:
    return made(intake.SeatConfirmed, changed, voter=1)


def erased() -> intake.TicketErased:
    return intake.TicketErased()


def day_key_published(**changed: object) -> intake.DayKeyPublished:
    given = {"key": "2026-03-02", "day": "2026-03-02", "public": "glTDKakoUPbVOd03b0gW7idkUX2l4CNVFK9DMWRIDXo="}
    return made(intake.DayKeyPublished, changed, **given)


def supplement_ticket(**changed: object) -> intake.SupplementTicket:
    return made(intake.SupplementTicket, changed, voter=0, day_key="2026-03-02", sealed="sealed")


def withdraw_ticket(**changed: object) -> intake.WithdrawTicket:
    return made(intake.WithdrawTicket, changed, voter=0)


def confirm_seat(**changed: object) -> intake.ConfirmSeat:
    return made(intake.ConfirmSeat, changed, voter=1)


def erase_identity(**changed: object) -> intake.EraseIdentity:
    return made(intake.EraseIdentity, changed, voter=0)

"""What staff says: accounts and their appointments. They are of the made-up matter's unit."""

from contracts.messages import staff
from tests.facts.values import COUNTY, DAY, UNIT, made
from tests.harness import MONDAY

PROPOSER, CONFIRMER = "li.wei", "wang.fang"


def propose_appointment(**changed: object) -> staff.ProposeAppointment:
    return made(staff.ProposeAppointment, changed, role="unit", unit=UNIT, division=COUNTY)


def confirm_appointment(**changed: object) -> staff.ConfirmAppointment:
    return made(staff.ConfirmAppointment, changed, appointment=1)


def end_appointment(**changed: object) -> staff.EndAppointment:
    return made(staff.EndAppointment, changed, appointment=1)


def lock_account(**changed: object) -> staff.LockAccount:
    return made(staff.LockAccount, changed)


def unlock_account(**changed: object) -> staff.UnlockAccount:
    return made(staff.UnlockAccount, changed)


def appointment_proposed(**changed: object) -> staff.AppointmentProposed:
    given = {"index": 1, "role": "unit", "unit": UNIT, "division": COUNTY, "since": None, "until": None}
    return made(staff.AppointmentProposed, changed, **given, proposer=PROPOSER)


def appointment_made(**changed: object) -> staff.AppointmentMade:
    given = {"index": 1, "role": "unit", "unit": UNIT, "division": COUNTY, "since": MONDAY, "until": None}
    return made(staff.AppointmentMade, changed, **given, by=(PROPOSER, CONFIRMER))


def appointment_ended(**changed: object) -> staff.AppointmentEnded:
    given = {"index": 1, "role": "unit", "unit": UNIT, "division": COUNTY}
    return made(staff.AppointmentEnded, changed, **given, by=CONFIRMER)


def propose_replacement(**changed: object) -> staff.ProposeReplacement:
    return made(staff.ProposeReplacement, changed, what="password")


def confirm_replacement(**changed: object) -> staff.ConfirmReplacement:
    return made(staff.ConfirmReplacement, changed, replacement=1)


def replacement_proposed(**changed: object) -> staff.ReplacementProposed:
    given = {"index": 1, "what": "password", "proposer": PROPOSER}
    return made(staff.ReplacementProposed, changed, **given, until=MONDAY + 3 * DAY)


def replacement_confirmed(**changed: object) -> staff.ReplacementConfirmed:
    given = {"index": 1, "what": "password", "by": (PROPOSER, CONFIRMER)}
    return made(staff.ReplacementConfirmed, changed, **given, until=MONDAY + 3 * DAY)


def account_locked(**changed: object) -> staff.AccountLocked:
    return made(staff.AccountLocked, changed, by=CONFIRMER)


def token_key_published(**changed: object) -> staff.TokenKeyPublished:
    return made(staff.TokenKeyPublished, changed, kid="2026-03-02", certificate="eyJhbGciOiJFZDI1NTE5In0.e30.c2ln")


def account_unlocked(**changed: object) -> staff.AccountUnlocked:
    return made(staff.AccountUnlocked, changed, by=CONFIRMER)

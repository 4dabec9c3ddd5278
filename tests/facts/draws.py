"""What is said of a draw, and of the checks that follow."""

from contracts.draws import ALGORITHM, commitment_of
from contracts.messages import draws
from tests.facts.values import COUNTY, DAY, HOUR, PHOTO, made
from tests.harness import MONDAY, TICKET

NONCE, SEED = "0f" * 32, "5e" * 32
DRAW = "draw/00112233445566aa"
PERIOD = {"division": COUNTY, "begins": MONDAY, "ends": MONDAY + 30 * DAY, "permille": 150, "percent": 95}
HEAD = draws.SignedHead(number=7, hash="ab" * 32, key="cd" * 32, signature="ef" * 64)
STRATUM = draws.DrawStratum(name=f"{COUNTY}/URB/green", size=1, drawn=(TICKET,))
FOUND = {"draw": DRAW, "method": "on_site", "others_asked": 2, "passed": False, "ground": "untrue_rectification"}


def draw_announced(**changed: object) -> draws.DrawAnnounced:
    given = {"closes": MONDAY + 30 * DAY + HOUR, "algorithm": ALGORITHM, "commitment": commitment_of(NONCE)}
    return made(draws.DrawAnnounced, changed, **PERIOD, **given)


def draw_closed(**changed: object) -> draws.DrawClosed:
    return made(draws.DrawClosed, changed, ends=MONDAY + 30 * DAY)


def outside_supplied(**changed: object) -> draws.OutsideSupplied:
    return made(draws.OutsideSupplied, changed, value="03 11 16 22 29 33 + 07")


def sample_drawn(**changed: object) -> draws.SampleDrawn:
    given = {"nonce": NONCE, "head": HEAD, "outside": "", "population": "12" * 32, "seed": SEED, "strata": (STRATUM,)}
    return made(draws.SampleDrawn, changed, **given)


def announce_draw(**changed: object) -> draws.AnnounceDraw:
    return made(draws.AnnounceDraw, changed, **PERIOD, commitment=commitment_of(NONCE))


def supply_outside(**changed: object) -> draws.SupplyOutside:
    return made(draws.SupplyOutside, changed, value="03 11 16 22 29 33 + 07")


def draw_sample(**changed: object) -> draws.DrawSample:
    return made(draws.DrawSample, changed, nonce=NONCE, head=HEAD, population="12" * 32, strata=(STRATUM,))


def check_opened(**changed: object) -> draws.CheckOpened:
    return made(draws.CheckOpened, changed, draw=DRAW, remote=False, due=MONDAY + 20 * DAY)


def check_recorded(**changed: object) -> draws.CheckRecorded:
    return made(draws.CheckRecorded, changed, **FOUND, correct_by=MONDAY + 10 * DAY, evidence=(PHOTO,), note="sealed")


def check_ticket(**changed: object) -> draws.CheckTicket:
    return made(draws.CheckTicket, changed, draw=DRAW, remote=False, due=MONDAY + 20 * DAY)


def record_check(**changed: object) -> draws.RecordCheck:
    return made(draws.RecordCheck, changed, **FOUND, correct_by=MONDAY + 10 * DAY, evidence=(PHOTO,), note="sealed")

"""The number of an order: the matter's, and what the order rests on. All are made here, so that a door knows them."""

PATTERN = r"^[0-9A-Z*]{12,40}-(c[0-9]{1,6}-s?[0-9]{1,3}|[hkr][0-9]{1,6})$"


def of_clock(number: str, clock: str, level: int) -> str:
    """``clock``: the one with which the time began. A cause, clock and level, has one order."""
    return f"{number}-{clock}-{level}"


def of_step(number: str, clock: str, level: int) -> str:
    """Of a step of the ladder that is no colour."""
    return f"{number}-{clock}-s{level}"


def by_hand(number: str, nth: int) -> str:
    return f"{number}-h{nth}"


def of_stuck(number: str, nth: int) -> str:
    """The matter stands still (梗阻) for the ``nth`` time."""
    return f"{number}-k{nth}"


def of_rework(number: str, nth: int) -> str:
    """The matter came back from the people for the ``nth`` time."""
    return f"{number}-r{nth}"

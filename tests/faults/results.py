"""What a row of the fault table came to, as somebody outside the services sees it; `make faults` writes it down.

docs/faults.md shows these figures; docs/faults.toml says what happens in each row.
"""

import os
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import httpx2
import orjson

from contracts.envelope import type_of
from deploy.local.state import ROOT
from docs.generator import faults
from runtime.delivery.records import Incoming
from tests.faults.crew import MATTER, Crew
from tests.faults.waiting import status_of, until

RESULTS = ROOT / "docs/faults.json"
IS_LONG = os.environ.get("DUBAN_FAULTS") == "long"  # thousands of acknowledged submissions a row (`make faults`)
ONCE = ("TicketRegistered", "TicketScreenedOut")
BACK_WITHIN = 60.0  # seconds
LIGHTS = ("LightChanged", "SupervisionOrdered")


@dataclass(frozen=True, slots=True)
class RowResult:
    """``recovered``: seconds from the end of the fault until the service was back; ``on``: date of the run (UTC)."""

    acknowledged: int
    lost: int
    doubled: int
    told_twice: int
    false_lights: int
    recovered: float
    on: str


@dataclass
class Measuring:
    """One run of a row."""

    row: str
    ended: float = field(default_factory=time.monotonic)
    recovered: float = 0.0
    result: RowResult | None = None

    def ends(self) -> None:
        """From here on it is counted how long it takes to be back."""
        self.ended = time.monotonic()

    async def is_back(self, team: Crew, within: float = BACK_WITHIN) -> None:
        """Until the door takes submissions and intake's loop is ready, which has to be so within so many seconds."""

        async def works() -> bool:
            return await status_of(team.port("intake"), "/ready") == 200 and await _takes(team)

        await until(works, "door or loop did not come back", within)
        self.recovered = time.monotonic() - self.ended

    async def verified(self, team: Crew, numbers: Sequence[str], due: Collection[str] = ()) -> None:
        """Count what is wrong, from outside, and hold that nothing is.

        ``due``: keys of the matters whose clocks run out meanwhile; any light, and any order, of another is a false
        one.
        """
        log = await team.until(lambda _: True)
        findings, gateway = await team.verify(numbers), await team.gateway()
        self.result = RowResult(
            acknowledged=len(numbers),
            lost=len(await team.lost(numbers)),
            doubled=_doubled(log),
            told_twice=int(gateway["delivered_twice"]),
            false_lights=sum(type_of(each.headers) in LIGHTS and each.key not in due for each in log),
            recovered=round(self.recovered, 1),
            on=datetime.now(UTC).date().isoformat(),
        )
        assert findings == []
        wrong = {name for name in ("lost", "doubled", "told_twice", "false_lights") if getattr(self.result, name)}
        assert not wrong, self.result


async def _takes(team: Crew) -> bool:
    """Whether the door acknowledges one more matter."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
        try:
            sent = await client.post(team.url("intake", "/v1/submissions"), json=MATTER, headers=headers)
        except httpx2.HTTPError:
            return False
    return sent.status_code == 201


def _doubled(log: Sequence[Incoming]) -> int:
    """Matters that were registered, or assigned for the first time, more than once."""
    said = {(each.key, type_of(each.headers), dict(each.headers)["ce_id"]) for each in log}
    firsts = Counter((key, kind) for key, kind, _ in said if kind in ONCE)
    return sum(count > 1 for count in firsts.values())


@contextmanager
def measured(row: str) -> Iterator[Measuring]:
    """A run of a row; "" is none of the table's. What it came to is written down in the long form alone."""
    assert row in {"", *faults.rows()}, f"docs/faults.toml has no row {row}"
    running = Measuring(row)
    yield running
    if row and IS_LONG and running.result:
        known = orjson.loads(RESULTS.read_bytes()) if RESULTS.exists() else {}
        known[row] = asdict(running.result)
        RESULTS.write_bytes(orjson.dumps(known, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")

"""Made ``e30ef0a/`` with the build of that commit; kept to make the recording of a later build.

``python -m tests.recorded.record <commit>`` plays a small county from a seed: all services in this process with their
HTTP, the simulated people, and by hand what people seldom do. Every type of the catalogue is said at least once.
"""

import asyncio
import random
import secrets
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from contracts import catalogue
from contracts.envelope import Actor, Kind, Message, encode_headers, encode_value, type_of
from contracts.messages.intake import SupplementTicket
from contracts.messages.sla import CalendarPublished
from contracts.topics import partition_of
from deploy.local.secrets import made
from runtime.delivery.records import Outgoing
from runtime.http import requests
from runtime.process.configuration import publication
from runtime.telemetry import logs
from services.notify.ports import Outcome
from simulation.people import Act, Wish
from simulation.sample_matters import Matter, stream
from tests.environment import environment
from tests.recorded.collections_of_intake import intake_collections
from tests.recorded.county import RecordedCounty, principal
from tests.recorded.recording import Recording, ReplayInputs, examples
from tests.recorded.system import wiring

SEED = 8
BEGIN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday morning in China
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SETTINGS = ("TICKET_ID_SECRET", "CODE_SECRET", "BODY_SECRET", "SMS_KEY", "VAULT_KEY", "LEDGER_KEY", "TOKEN_PUBLIC_KEY")
KEYS = (
    "路灯", "井盖", "吃水难", "电梯", "噪音", "停水", "水质", "公厕", "法院", "不清一", "不清二", "紧急燃气",
    "路权歧义", "代办",
)  # fmt: skip
CLEAR = "补充：在麻阳县高村镇农贸市场门口，已经持续一个星期。"
NOT_OURS = "经核实，此事不在本单位职责范围内，请改派。"
POLICY = {
    "mode": "held_by_policy",
    "measures": [{"text": "按规定暂缓，先行巡查。", "person": "经办人", "due": "2026-04-01T09:00:00+08:00"}],
    "rule_quoted": "县城市照明管理办法第八条",
    "review_on": "2026-04-15T09:00:00+08:00",
}


class Script:
    """Requests that the simulated people seldom make. ``by``: numbers by the key of the sample matter."""

    def __init__(self, county: RecordedCounty) -> None:
        self.county, self.by = county, dict[str, str]()
        self.acts: Counter[tuple[str, Act]] = Counter()
        county.change = self._change

    def _change(self, number: str, wish: Wish) -> Wish | None:
        """井盖 comes back twice; 吃水难 has no votes; 水质 is bad at first; 电梯 is accepted late, 公厕 never."""
        key = next((key for key, each in self.by.items() if each == number), "")
        self.acts[key, wish.act] += 1
        nth = self.acts[key, wish.act]
        if key == "井盖" and wish.act is Act.ACCEPT and nth <= 2:
            return replace(wish, act=Act.RETURN, ground="not_our_duty", words=NOT_OURS)
        if key == "水质" and wish.act is Act.EVALUATE and nth == 1:
            return replace(wish, grade=1, solved=False, words="还是浑的。")
        if (key, wish.act) in (("吃水难", Act.EVALUATE), ("电梯", Act.ACCEPT), ("公厕", Act.ACCEPT)):
            return None
        return wish

    async def play(self) -> None:
        """Thirty-three days, with a snapshot of all documents at the beginning, in the middle and at the end."""
        county = self.county
        await self._submissions()
        await county.snapshot()
        county.at(2 * HOUR, self._supplements)
        county.at(3 * HOUR, partial(self._withdraw, "法院"))
        county.at(3 * HOUR, partial(self._withdraw, "代办"))
        county.at(3 * HOUR, partial(self._withdraw, "停水"))
        county.at(4 * HOUR, self._accept_late)
        county.at(0.2 * DAY, self._publish_calendar)
        county.at(1.2 * DAY, self._policy)
        county.at(1.5 * DAY, partial(self._erase, "噪音"))
        county.at(1.6 * DAY, county.snapshot)
        county.at(20 * DAY, self._reopen)
        await county.go(32 * DAY)
        await self._resolve()
        await self._set_aside()
        await county.go(DAY)
        await county.snapshot()

    async def _submissions(self) -> None:
        found: dict[str, Matter] = {}
        for matter in stream(SEED):
            found.setdefault(matter.key, matter)
            if set(KEYS) <= found.keys():
                break
        for key in KEYS:
            also = [replace(found[key], content=found[key].content + "昨天又坏了两盏。")] if key == "路灯" else []
            self.county.gateway.next_outcomes += [Outcome.UNKNOWN, Outcome.FAILED] if key == "吃水难" else []
            self.by[key] = await self.county.submit(found[key], *also)
            await self.county.go(0.1 * HOUR)

    async def _to_intake(self, key: str, path: str, body: object = None) -> None:
        ticket = self.county.tickets[self.by[key]]
        await self.county.ask("intake", f"/v1/tickets/{self.by[key]}/{path}", body, code=self.county.code_of(ticket))

    async def _supplements(self) -> None:
        for key, text in (("不清一", CLEAR), ("停水", CLEAR), ("不清二", "请处理。")):
            await self._to_intake(key, "supplements", {"text": text})

    async def _withdraw(self, key: str) -> None:
        await self._to_intake(key, "withdrawal")

    async def _erase(self, key: str) -> None:
        await self._to_intake(key, "erasure")

    async def _accept_late(self) -> None:
        """The unit accepts in time, and the log hears of it when an order was given."""
        county, number = self.county, self.by["电梯"]
        unit = county.unit_of(number)
        standard = await county._standard(number, unit)
        path = f"/v1/tickets/{number}/acceptance"
        await county.ask("routing", path, {"standard": standard}, principal("unit", unit))
        late = county.held()

        async def arrive() -> None:
            county.put(*late)

        county.at(3 * DAY, arrive)

    async def _publish_calendar(self) -> None:
        """A day off of the county's own: what was promised moves."""
        code = "431226"
        body = CalendarPublished(
            code=code, year=2026, version="own-1", provisional=False, days_off=("2026-03-03",), workdays=(),
            names={"2026-03-03": "县庆"},
        )  # fmt: skip
        clock = self.county.system.platform.clock
        self.county.put(publication(f"calendar/{code}-2026@own-1", body, "sla", clock))

    async def _policy(self) -> None:
        """The first that is in hand waits for what the rules say."""
        cases: Any = self.county.system.store("feedback").records
        number, unit = next((each.document.number, each.document.unit) for each in cases.values() if is_in_hand(each))
        who = principal("unit", unit)
        await self.county.ask("feedback", f"/v1/tickets/{number}/plan", POLICY, who)

    async def _reopen(self) -> None:
        """The first that was struck off."""
        struck = first_of("TicketStruckOff", self.county)
        path = f"/v1/tickets/{self.county.number_of(struck.key)}/reopening"
        await self.county.ask("feedback", path, {"reason": "spot_check_failed"}, principal("supervisor"))

    async def _resolve(self) -> None:
        """A person looks at a delivery of which nobody knows."""
        number = self.by["吃水难"]
        post: Any = self.county.system.store("notify").records[self.county.tickets[number]].document
        reference = next(item.ref for item in post.items if item.state == "unknown")
        body = {"number": number, "outcome": "sent"}
        await self.county.ask("notify", f"/v1/deliveries/{reference}/resolution", body, principal("supervisor"))
        await self.county.rest()

    async def _set_aside(self) -> None:
        """A request that is kept for a matter that never comes; a message that is parked, and one behind it."""
        county, ticket = self.county, self.county.tickets[self.by["公厕"]]
        county.put(self._early("7" * 26))
        read = first_of("TicketAssigned", county)
        county.put(Outgoing("tickets", partition_of(ticket), ticket, read.headers, b'{"unit":1}'))
        await county.rest()
        await self._withdraw("公厕")
        await county.rest()

    def _early(self, ticket: str) -> Outgoing:
        clock = self.county.system.platform.clock
        wish = Message(
            id="0" * 32,
            type="SupplementTicket",
            kind=Kind.REQUEST,
            key=ticket,
            producer="intake",
            at=clock.now(),
            time=clock.wall(),
            body=SupplementTicket(voter=0, day_key="2026-03-02", sealed=""),
            to=("intake",),
            actor=Actor(role="reporter"),
        )
        return Outgoing("tickets", partition_of(ticket), ticket, encode_headers(wish), encode_value(wish))


def is_in_hand(record: Any) -> bool:
    """Of a record of feedback's."""
    return record.document is not None and record.document.state == "in_hand"


def first_of(kind: str, county: RecordedCounty) -> Outgoing:
    """The first record of a type."""
    return next(line.record for line in county.lines if type_of(line.record.headers) == kind)


async def record(build: str) -> None:
    """Play, look whether everything was said, and keep it."""
    known = made()  # of no use elsewhere
    settings = {f"DUBAN_{name}": known[f"DUBAN_{name}"] for name in SETTINGS}
    with environment(settings):
        county = RecordedCounty(SEED, BEGIN, known)
        await county.open()
        await Script(county).play()
        said = Counter(type_of(line.record.headers) for line in county.lines)
        print(said, "never said:", sorted(catalogue.BY_NAME.keys() - said.keys()))
        keys = wiring("intake").adapters(county.system.platform).day_keys
        day_keys = {day: await keys.private(day) for day in await keys.kept()}
        inputs = ReplayInputs(settings, list(county.vault.values()), day_keys)
        kept = await intake_collections(county.system.platform)
        recording = Recording(county.lines, inputs, county.snapshots, kept, examples())
    print(len(county.lines), "records,", recording.keep(build), "bytes")


if __name__ == "__main__":
    vars(secrets)["token_bytes"] = random.Random(SEED).randbytes  # all that is random but the key pair of the tokens
    requests.LAST_LOOK = 0.0
    logs.configure("ERROR", "console")
    asyncio.run(record(sys.argv[1]))

"""A made-up county whose matters move, for looking at the pages without the rest of the system. From a seed."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.identifiers import number_of
from contracts.lifecycle import TicketState
from runtime.delivery.records import Record
from runtime.memory.store import InMemoryStore
from services.portal.reading.board.board import Rate
from services.portal.reading.ticket.document import Order, ShownClock, ShownVote, Step, Ticket
from tests.facts.values import UNIT

MATTERS = (
    (
        "高村镇锦江路路灯连续三晚不亮",
        "城市照明",
        "Street lights",
        "县住房和城乡建设局",
        "Housing and Construction Bureau",
    ),
    ("岩门镇村口自来水浑浊，请检测", "供水", "Water supply", "县水利局", "Water Bureau"),
    (
        "农民工工资拖欠两个月，联系人张小明13912345678",
        "欠薪",
        "Unpaid wages",
        "县人力资源和社会保障局",
        "Labour Bureau",
    ),
    ("小区楼下烧烤摊油烟扰民", "环境污染", "Pollution", "县城市管理执法局", "City Management Bureau"),
    ("乡道塌方，校车绕行十公里", "道路养护", "Road repair", "县交通运输局", "Transport Bureau"),
    ("医保异地报销迟迟没有到账", "医疗保障", "Health insurance", "县医疗保障局", "Health Insurance Bureau"),
    ("危房改造申请半年未答复", "住房保障", "Housing aid", "县住房和城乡建设局", "Housing and Construction Bureau"),
    ("河道边倾倒建筑垃圾", "环境卫生", "Waste", "县生态环境分局", "Environment Bureau"),
    ("老人高龄津贴停发，请核实", "社会救助", "Social aid", "县民政局", "Civil Affairs Bureau"),
    ("学校门口没有人行横道", "交通安全", "Road safety", "县公安局交通警察大队", "Traffic Police"),
    ("冰糖橙滞销，盼帮助对接销路", "农业服务", "Farming", "县农业农村局", "Agriculture Bureau"),
    ("电梯多次困人，物业不修", "物业管理", "Property", "县市场监督管理局", "Market Supervision Bureau"),
)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SHARES = (("yellow", 0.4), ("orange", 0.7))


@dataclass
class PlayedCounty:
    """Matters arrive and move one step at a time; ``now`` is moved on by whoever plays."""

    now: datetime
    seed: int = 7
    silent: bool = False
    store: InMemoryStore[Ticket] = field(default_factory=InMemoryStore)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._rates = random.Random(self.seed)  # its own: how often a page asks moves no matter

    def tickets(self) -> list[Ticket]:
        return [record.document for record in self.store.records.values() if record.document is not None]

    def put(self, ticket: Ticket) -> None:
        """Store a matter as the loop would."""
        self.store.records[ticket.number] = Record(key=ticket.number, partition=0, document=ticket, version=1)

    def arrive(self) -> Ticket:
        """A new matter is registered."""
        title, zh, en, unit_zh, unit_en = self._chance.choice(MATTERS)
        ticket_id = "".join(self._chance.choices(ALPHABET, k=26))
        number = number_of(ticket_id, "431226")
        ticket = Ticket(
            id=ticket_id,
            number=number,
            state=TicketState.REGISTERED,
            registered_at=self.now,
            changed_at=self.now,
            channel=self._chance.choice(("web", "telephone", "wechat")),
            door="431226",
            division="431226",
            division_zh="麻阳苗族自治县",
            title=title,
            content=title + "。多次反映，请尽快处理。",
            unit_zh="",
            masked=title,
            category_zh=zh,
            category_en=en,
            urgent=self._chance.random() < 0.06,
            collective=self._chance.random() < 0.1,
            history=(Step(at=self.now, kind="registered", note="web"),),
        )
        self._units = getattr(self, "_units", {}) | {number: (unit_zh, unit_en)}
        self.put(ticket)
        return ticket

    def step(self) -> None:
        """One matter moves, or a new one arrives; clocks that ran out bring an order."""
        moving = [
            ticket for ticket in self.tickets() if ticket.state not in (TicketState.STRUCK_OFF, TicketState.INVALID)
        ]
        if not moving or self._chance.random() < 0.24:
            self.arrive()
            return
        self.advance(self._chance.choice(moving))

    def advance(self, ticket: Ticket) -> Ticket:
        """The matter takes its next step."""
        unit_zh, unit_en = self._units[ticket.number]
        match ticket.state:
            case TicketState.REGISTERED | TicketState.QUEUED:
                queued = ticket.state is TicketState.REGISTERED and self._chance.random() < 0.25
                moved = self._to(ticket, TicketState.QUEUED, "queued", "several_units") if queued else None
                moved = moved or replace(
                    self._to(ticket, TicketState.ASSIGNED, "assigned", "1", unit_zh, unit_en),
                    unit=UNIT,
                    unit_zh=unit_zh,
                    unit_en=unit_en,
                    hops=ticket.hops + 1,
                    **self._clock("accept_by", self._chance.choice((3, 8, 20))),
                )
            case TicketState.ASSIGNED if self._chance.random() < 0.12 and not ticket.returns:
                moved = replace(
                    self._to(ticket, TicketState.QUEUED, "returned", "not_our_duty", unit_zh, unit_en),
                    returns=1,
                    **NO_CLOCK,
                )
            case TicketState.ASSIGNED:
                moved = self._to(
                    ticket,
                    TicketState.IN_HAND,
                    "accepted",
                    "一般事项，5个工作日|ordinary, 5 working days",
                    unit_zh,
                    unit_en,
                )
                moved = replace(moved, **self._clock("complete_by", self._chance.choice((6, 20, 60))))
            case TicketState.IN_HAND | TicketState.REWORK:
                moved = replace(
                    self._to(ticket, TicketState.AWAITING_EVALUATION, "completed", "2", unit_zh, unit_en),
                    round=ticket.round + 1,
                    **NO_CLOCK,
                )
            case _ if self._chance.random() < 0.18:
                moved = self._to(ticket, TicketState.REWORK, "rework", str(ticket.reworks + 1))
                moved = replace(moved, reworks=ticket.reworks + 1, **self._clock("rework_by", 20))
            case _:
                vote = ShownVote(round=ticket.round, voter=0, grade=5, solved=True)
                moved = self._to(ticket, TicketState.STRUCK_OFF, "struck_off")
                moved = replace(moved, votes=(*ticket.votes, vote), struck_off_at=self.now)
        self.put(moved)
        return moved

    def order(self) -> None:
        """The supervision office writes to those who are late."""
        for ticket in self.tickets():
            late = [clock for clock in ticket.clocks if clock.red <= self.now]
            if late and not ticket.ordered:
                order = Order(
                    number=f"督〔2026〕{len(ticket.history)}号",
                    unit=UNIT,
                    colour="red",
                    level=1,
                    items_zh=("说明逾期原因", "报送办结时间"),
                    items_en=("Explain why it is late", "Say when it will be done"),
                    answer_by=self.now + timedelta(days=1),
                )
                red = Step(at=late[0].red, kind="light", note="red")
                told = (*ticket.history, red, Step(at=self.now, kind="ordered", note=order.number))
                self.put(replace(ticket, ordered=True, orders=(order,), history=told, changed_at=self.now))

    def latest(self) -> tuple[Rate, ...]:
        """Made-up rates, as the stream program would publish them; none while it is ``silent``."""
        if self.silent:
            return ()
        series = tuple(self._rates.randint(0, 9) for _ in range(12))
        quiet = tuple(self._rates.randint(0, 3) for _ in range(12))
        return (
            Rate(county="431226", registered=series[0] + 4, moved=sum(series), struck_off=series[1], series=series),
            Rate(county="431225", registered=2, moved=sum(quiet), struck_off=quiet[3], series=quiet),
        )

    def _to(self, ticket: Ticket, state: TicketState, kind: str, note: str = "", zh: str = "", en: str = "") -> Ticket:
        step = Step(at=self.now, kind=kind, note=note, unit_zh=zh, unit_en=en)
        return replace(ticket, state=state, changed_at=self.now, history=(*ticket.history, step))

    def _clock(self, kind: str, hours: int) -> dict[str, Any]:
        span = timedelta(hours=hours)
        due = self.now + span
        colours = {colour: self.now + span * share for colour, share in SHARES}
        clock = ShownClock(id=kind, kind=kind, unit=UNIT, start=self.now, due=due, red=due, **colours)
        accept = kind == "accept_by"
        return {"clocks": (clock,), "accept_by": due if accept else None, "complete_by": None if accept else due}


NO_CLOCK: dict[str, Any] = {"clocks": (), "accept_by": None, "complete_by": None}

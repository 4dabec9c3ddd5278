"""The routes that take a body, each with somebody who may use it and a body that it takes."""

from dataclasses import dataclass
from typing import Any

from runtime.identity.tokens import Principal
from tests.contract.matter import CONFIGURER, COUNTY, ITS_UNIT, SUPERVISOR, UNIT

LEAD = Principal("lead", "", COUNTY, "lead")
PARTNER = Principal("platform", "", COUNTY, "partner")
INSTANT = "2027-03-01T09:00:00+08:00"
MEASURE = {"text": "更换水管", "person": "李工", "due": INSTANT}
EVIDENCE = {"kind": "photos", "uri": "https://example.org/1.jpg", "digest": "", "dated": INSTANT}
TICKET = "/v1/tickets/{number}"
DRAW = "/v1/draws/{code}"
CLASS_PLANS, CLASS_PLAN = "/v1/class-plans", "/v1/class-plans/{unit}/{category}"
OF_CLASS_PLAN = {"class_plan": f"{UNIT}/WTR.01@1", "numbers": [""], "evidence": [EVIDENCE]}
VERDICT = {"version": 1, "approved": True}
STATED = {"text": "更换水管", "post": "维修班长", "days": 3}


@dataclass(frozen=True, slots=True)
class RouteWithBody:
    """A route that takes a body, somebody who may use it, and a body that it takes.

    ``opens``: no secret is asked for beside it.
    """

    service: str
    path: str
    who: Principal | None
    good: dict[str, Any]
    needed: tuple[str, ...]
    opens: bool = True
    method: str = "POST"


ROUTES: tuple[RouteWithBody, ...] = (
    RouteWithBody(
        "notify",
        f"{TICKET}/preferences",
        None,
        {"channel": "page", "muted": ["progress"]},
        ("channel", "muted"),
        method="PUT",
    ),
    RouteWithBody(
        "intake",
        "/v1/submissions",
        None,
        {
            "title": "停水",
            "content": "水管坏了三天，没有水用，请尽快修好。",
            "reporter": {"name": "张", "phone": "13900000000", "channel": "sms"},
            "co_reporters": [{"phone": "13900000001"}],
            "place": "兰里镇",
            "latitude": 27.5,
            "longitude": 109.8,
            "category": "WTR.01",
        },
        ("title", "content"),
    ),
    RouteWithBody("intake", f"{TICKET}/supplements", None, {"text": "又坏了一处。"}, ("text",)),
    RouteWithBody("routing", f"{TICKET}/assignment", SUPERVISOR, {"unit": UNIT, "category": "WTR.01"}, ("unit",)),
    RouteWithBody("routing", "/v1/assignments", LEAD, {"unit": UNIT, "numbers": [""]}, ("unit", "numbers")),
    RouteWithBody("routing", f"{TICKET}/acceptance", ITS_UNIT, {"standard": "WTR-01"}, ("standard",)),
    RouteWithBody(
        "routing",
        f"{TICKET}/return",
        ITS_UNIT,
        {"ground": "not_our_duty", "explanation": "不属于我单位职责。"},
        ("ground", "explanation"),
    ),
    RouteWithBody(
        "routing", f"{TICKET}/urgency", SUPERVISOR, {"urgent": True, "reason": "有人被困。"}, ("urgent", "reason")
    ),
    RouteWithBody(
        "sla",
        "/v1/tickets/{ticket}/orders",
        SUPERVISOR,
        {"items": [{"check": "cause", "answer_by": INSTANT}]},
        ("items",),
    ),
    RouteWithBody(
        "sla",
        "/v1/orders/{order}/answers",
        ITS_UNIT,
        {"index": 1, "evidence": [EVIDENCE], "words": "材料不足。"},
        ("index",),
    ),
    RouteWithBody(
        "sla",
        "/v1/orders/{order}/verdict",
        SUPERVISOR,
        {"lifted": False, "answer_by": INSTANT, "words": "请补充。"},
        ("lifted",),
    ),
    RouteWithBody(
        "sla", "/v1/tickets/{ticket}/referral", LEAD, {"ground": "hard_case", "words": "涉及两个单位。"}, ("ground",)
    ),
    RouteWithBody(
        "sla",
        "/v1/tickets/{ticket}/conference",
        SUPERVISOR,
        {
            "conference": "2026-3",
            "held_on": INSTANT,
            "roster": [UNIT],
            "decision": "deadline",
            "amount": 5,
            "minutes": "同意延长。",
        },
        ("conference", "held_on", "roster", "decision"),
    ),
    RouteWithBody(
        "sla",
        "/v1/tickets/{ticket}/clocks/{clock}/more-time",
        ITS_UNIT,
        {"how": "pause", "ground": "force_majeure", "until": INSTANT, "evidence": [EVIDENCE], "words": "洪水。"},
        ("how", "ground"),
    ),
    RouteWithBody(
        "sla",
        "/v1/tickets/{ticket}/more-time/{more_time}/decision",
        SUPERVISOR,
        {"approved": True, "words": "同意。"},
        ("approved",),
    ),
    RouteWithBody(
        "notify",
        "/v1/deliveries/{reference}/resolution",
        SUPERVISOR,
        {"number": "", "outcome": "sent"},
        ("number", "outcome"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/verification",
        ITS_UNIT,
        {
            "finding": "untrue",
            "method": "on_site",
            "lacks_explanation": True,
            "evidence": [EVIDENCE],
            "words": "已看。",
        },
        ("finding", "method", "words"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/accountability",
        SUPERVISOR,
        {"outcome": "criticised", "order": "", "persons": ["李某"], "words": "巡查不到位。"},
        ("outcome",),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/rules",
        ITS_UNIT,
        {"title": "日常养护办法", "scope": "line", "valid_from": INSTANT},
        ("title", "scope", "valid_from"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/plan",
        ITS_UNIT,
        {"mode": "in_phases", "measures": [MEASURE], "rule_quoted": "规定", "review_on": INSTANT},
        ("mode",),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/plan-review",
        SUPERVISOR,
        {"version": 1, "approved": False, "grounds": ["too_late"], "words": "请提前。"},
        ("version", "approved"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/measures",
        ITS_UNIT,
        {"index": 1, "done": True, "words": "已换。", "evidence": [EVIDENCE]},
        ("index", "done"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/review",
        SUPERVISOR,
        {"round": 1, "level": 1, "passed": False, "grounds": ["untrue"], "words": "现场仍未修复。"},
        ("round", "level", "passed"),
    ),
    *(
        RouteWithBody("feedback", f"/v1/{many}", ITS_UNIT, OF_CLASS_PLAN | more, ("class_plan", "numbers", *more))
        for many, more in (("completions", {"explanation": "已修好。"}), ("measures", {"index": 1, "done": True}))
    ),
    RouteWithBody("feedback", "/v1/reviews", SUPERVISOR, {"numbers": [""]}, ("numbers",)),
    RouteWithBody("feedback", f"{TICKET}/progress-request", SUPERVISOR, {"text": "到哪一步了？"}, ("text",)),
    RouteWithBody("feedback", f"{TICKET}/progress", ITS_UNIT, {"text": "已到场。", "public": True}, ("text",)),
    RouteWithBody(
        "feedback", f"{TICKET}/contact", ITS_UNIT, {"method": "phone", "reached": True}, ("method", "reached")
    ),
    RouteWithBody(
        "feedback", f"{TICKET}/question", ITS_UNIT, {"text": "哪一户？", "until": INSTANT}, ("text", "until")
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/completion",
        ITS_UNIT,
        {"explanation": "已修好。", "evidence": [EVIDENCE], "talked_to": "住户"},
        ("explanation",),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/evaluation",
        None,
        {"grade": 5, "solved": True, "words": "满意"},
        ("grade", "solved"),
    ),
    RouteWithBody(
        "feedback",
        f"{TICKET}/look-back",
        SUPERVISOR,
        {"grade": 5, "solved": True, "words": "满意", "method": "phone"},
        ("grade", "solved", "method"),
    ),
    RouteWithBody("feedback", f"{TICKET}/look-back-attempt", SUPERVISOR, {"method": "phone"}, ("method",)),
    RouteWithBody("feedback", f"{TICKET}/reopening", SUPERVISOR, {"reason": "poor_feedback"}, ("reason",)),
    RouteWithBody(
        "notify",
        "/v1/subscriptions",
        PARTNER,
        {
            "url": "https://hooks.example.org/duban",
            "channel": "c1",
            "division": COUNTY,
            "types": ["duban.ticket.struck-off.v1"],
        },
        ("url", "channel"),
    ),
    RouteWithBody(
        "notify",
        "/v1/channels",
        SUPERVISOR,
        {"kind": "door", "name": "门户", "owner": UNIT, "purpose": "登记", "term": "standing", "expires": INSTANT},
        ("kind", "name", "owner", "purpose", "term", "expires"),
    ),
    RouteWithBody(
        "staff",
        "/v1/accounts/{name}/appointments",
        CONFIGURER,
        {"role": "unit", "unit": UNIT, "division": COUNTY, "since": INSTANT, "until": "2028-03-01T09:00:00+08:00"},
        ("role", "division"),
    ),
    RouteWithBody("staff", "/v1/accounts/{name}/replacements", CONFIGURER, {"what": "password"}, ("what",)),
    RouteWithBody(
        "feedback",
        "/v1/draws",
        SUPERVISOR,
        {"division": COUNTY, "begins": "2027-02-01T00:00:00+08:00", "ends": INSTANT, "outside": "双色球"},
        ("division", "begins", "ends"),
    ),
    RouteWithBody("feedback", DRAW + "/outside", SUPERVISOR, {"value": "03 11 16"}, ("value",)),
    RouteWithBody("feedback", CLASS_PLANS, ITS_UNIT, {"category": "WTR.01", "measures": [STATED]}, ("category",)),
    RouteWithBody("feedback", f"{CLASS_PLAN}/review", SUPERVISOR, VERDICT, tuple(VERDICT)),
    RouteWithBody("feedback", f"{TICKET}/checks", SUPERVISOR, {"due": INSTANT, "remote": True}, ("due",)),
    RouteWithBody(
        "feedback",
        f"{TICKET}/check-result",
        SUPERVISOR,
        {"draw": "hand/" + "0" * 16, "method": "phone", "passed": True, "evidence": [EVIDENCE], "words": "属实"},
        ("draw", "method", "passed"),
    ),
)
SUBSCRIPTION = "/v1/subscriptions/{name}"
CHANNEL = "/v1/channels/{name}"
OF_ONE = {SUBSCRIPTION, f"{SUBSCRIPTION}/secret", f"{SUBSCRIPTION}/redeliver", f"{CHANNEL}/renewal"}
"""Their bodies are of what was made before: tests/unit/notify/test_subscriptions.py, test_channel_register.py."""
CHANNELS = {
    *(("notify", "GET", f"/v1/channels{path}") for path in ("", "/pending")),
    ("notify", "POST", "/v1/channels"),
    *(("notify", "POST", f"{CHANNEL}/{path}") for path in ("renewal", "end", "confirmation")),
}
"""Held to the division and the role of whoever asks by tests/unit/notify/test_channel_register.py."""
SUBSCRIPTIONS = {
    *(("notify", each, "/v1/subscriptions") for each in ("GET", "POST")),
    *(("notify", each, "/v1/subscriptions/{name}") for each in ("GET", "PATCH", "DELETE")),
    *(("notify", "POST", f"/v1/subscriptions/{{name}}/{path}") for path in ("ping", "secret", "redeliver")),
    *(("notify", "GET", f"/v1/subscriptions/{{name}}/{path}") for path in ("deliveries", "sums")),
}
"""Held to their owner and division by tests/unit/notify/test_subscriptions.py."""
APPOINTMENT = "/v1/accounts/{name}/appointments/{appointment}"
WITHOUT_BODY = {
    f"{TICKET}/confirmation",
    *(f"{TICKET}/withdrawal", f"{TICKET}/erasure", "/v1/accounts/{name}/lock", "/v1/accounts/{name}/unlock"),
    *(f"{APPOINTMENT}/confirmation", f"{APPOINTMENT}/end", "/v1/tickets/{ticket}/more-time/{more_time}/end"),
    f"{SUBSCRIPTION}/ping",
    *(f"{CHANNEL}/end", f"{CHANNEL}/confirmation"),
    *("/v1/accounts/{name}/replacements/{replacement}/confirmation", "/v1/sessions/second-factor"),
    *("/v1/accounts/{name}/links", "/v1/sessions/{sid}", "/v1/sessions/token"),
}
SIGNED = {"/v1/receipts/{channel}", "/v1/replies/sms", "/v1/token"}  # test_receipts, test_replies, test_assertions

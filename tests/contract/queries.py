"""The routes that take a body and decide nothing."""

from tests.contract.matter import SUPERVISOR
from tests.contract.routes import TICKET, RouteWithBody

TRIAL = {"content": "高村镇停水三天", "title": "停水", "place": "兰里镇", "category": "WTR.01", "given": ["张三"]}
LOOK = {"what": "original", "reason": "核对反映人的原话"}
SIGN_IN = {"account": "li.wei", "password": "四匹马 tea window 29"}
PERIOD = {"since": "2027-03-01T09:00:00+08:00", "to": "2027-03-31T09:00:00+08:00"}
NEW_PASSWORD = {"link": "no-such-link", "password": "四匹马 tea window 29"}
QUERIES = (
    RouteWithBody("routing", "/v1/divisions/resolve", SUPERVISOR, {"text": "停水", "place": "兰里镇"}, ("text",)),
    *(RouteWithBody(each, "/v1/readings", SUPERVISOR, TRIAL, ("content",)) for each in ("intake", "routing", "portal")),
    RouteWithBody("portal", f"{TICKET}/looks", SUPERVISOR, LOOK, ("what", "reason")),
    RouteWithBody("sla", "/v1/what-if", SUPERVISOR, PERIOD, ("since", "to")),
    RouteWithBody("sla", "/v1/standards/{code}/apply", SUPERVISOR, {"version": 1, "division": "431226"}, ("version",)),
    RouteWithBody("staff", "/v1/sessions", None, SIGN_IN, ("account", "password"), opens=False),
    RouteWithBody("staff", "/v1/sessions/appointment", None, {"appointment": 1}, ("appointment",), opens=False),
    RouteWithBody("staff", "/v1/sessions/second-factor/confirmation", None, {"code": "123456"}, ("code",), opens=False),
    RouteWithBody("staff", "/v1/passwords", None, NEW_PASSWORD, ("link", "password"), opens=False),
)
"""Questions whose words belong in no address, and secrets: nothing is decided by them, so they need no key."""
TABLES = {"/v1/standards"}
"""Take a table in place of JSON: tests/unit/sla/test_publishing.py."""

"""Who may use which route: of staff by role and scope, of reporters by code, and what is about no ticket."""

from dataclasses import dataclass

from runtime.identity import tokens
from services.notify.domain.feed_filter import READERS

TICKET = "/v1/tickets/{number}"
ALL = tuple(sorted(tokens.STAFF_ROLES))
REVIEWING = ("unit", "head", "lead", "leader", "supervisor")
ASKING = ("clerk", "lead", "supervisor")


@dataclass(frozen=True, slots=True)
class Guarded:
    """A route for staff, or for systems. ``lists``: it answers with what is in the scope; else a ticket out of it is a
    404. ``of_counties``: what it answers says which county, and no township. ``counts``: it answers with how many
    matters each unit has, and names none."""

    service: str
    method: str
    path: str
    roles: tuple[str, ...] = ALL
    lists: bool = False
    of_counties: bool = False
    counts: bool = False


GUARDED = (
    Guarded("routing", "POST", f"{TICKET}/assignment", ("lead", "supervisor")),
    Guarded("routing", "POST", "/v1/assignments", ("lead", "supervisor"), lists=True),
    Guarded("routing", "POST", f"{TICKET}/acceptance", ("unit",)),
    Guarded("routing", "POST", f"{TICKET}/return", ("unit",)),
    Guarded("routing", "POST", f"{TICKET}/urgency", ("unit", "lead", "supervisor")),
    Guarded("routing", "GET", f"{TICKET}/standards"),
    Guarded("routing", "GET", f"{TICKET}/requests/{{request}}"),
    Guarded("routing", "GET", "/v1/work-list", lists=True),
    Guarded("sla", "GET", "/v1/tickets/{ticket}/clocks"),
    Guarded("sla", "GET", "/v1/tickets/{ticket}/explain"),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/clocks/{clock}/more-time", ("unit",)),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/more-time/{more_time}/decision", ("lead", "supervisor")),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/more-time/{more_time}/end", ("unit", "lead", "supervisor")),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/orders", ("supervisor",)),
    Guarded("sla", "POST", "/v1/orders/{order}/answers", ("unit", "lead")),
    Guarded("sla", "POST", "/v1/orders/{order}/verdict", ("supervisor",)),
    Guarded("sla", "GET", "/v1/tickets/{ticket}/requests/{request}"),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/referral", ("lead", "supervisor")),
    Guarded("sla", "POST", "/v1/tickets/{ticket}/conference", ("supervisor",)),
    Guarded("sla", "GET", "/v1/conference-agenda", ("lead", "supervisor", "leader"), lists=True),
    Guarded("sla", "GET", "/v1/overdue", lists=True),
    Guarded("sla", "GET", "/v1/lights", lists=True, counts=True),
    Guarded("notify", "GET", f"{TICKET}/deliveries"),
    Guarded("notify", "GET", f"{TICKET}/requests/{{request}}"),
    Guarded("notify", "GET", "/v1/deliveries/unknown", ("supervisor", "clerk", "auditor"), lists=True),
    Guarded("notify", "POST", "/v1/deliveries/{reference}/resolution", ("supervisor", "clerk")),
    Guarded("notify", "GET", "/v1/burden", ("unit", "head", "supervisor"), lists=True, counts=True),
    Guarded("notify", "GET", "/v1/events", READERS, lists=True, of_counties=True),
    Guarded("feedback", "POST", f"{TICKET}/verification", ("unit", "lead", "supervisor")),
    Guarded("feedback", "POST", f"{TICKET}/accountability", ("supervisor",)),
    Guarded("feedback", "POST", f"{TICKET}/rules", ("unit", "lead", "supervisor")),
    Guarded("feedback", "POST", f"{TICKET}/plan", ("unit",)),
    Guarded("feedback", "POST", f"{TICKET}/plan-review", ("lead", "supervisor")),
    Guarded("feedback", "POST", f"{TICKET}/measures", ("unit",)),
    *(Guarded("feedback", "POST", f"/v1/{many}", ("unit",), lists=True) for many in ("completions", "measures")),
    Guarded("feedback", "POST", f"{TICKET}/review", REVIEWING),
    Guarded("feedback", "POST", "/v1/reviews", REVIEWING, lists=True),
    Guarded("feedback", "GET", "/v1/reviews", REVIEWING, lists=True),
    Guarded("feedback", "POST", f"{TICKET}/progress", ("unit",)),
    Guarded("feedback", "POST", f"{TICKET}/progress-request", ("lead", "supervisor")),
    Guarded("feedback", "POST", f"{TICKET}/completion", ("unit",)),
    Guarded("feedback", "POST", f"{TICKET}/contact", ("unit",)),
    Guarded("feedback", "POST", f"{TICKET}/question", ("unit",)),
    Guarded("feedback", "GET", f"{TICKET}/requests/{{request}}"),
    Guarded("feedback", "GET", "/v1/look-backs", ASKING, lists=True),
    Guarded("feedback", "POST", f"{TICKET}/look-back", ASKING),
    Guarded("feedback", "POST", f"{TICKET}/look-back-attempt", ASKING),
    Guarded("feedback", "POST", f"{TICKET}/reopening", ("supervisor",)),
    Guarded("feedback", "GET", "/v1/checks", ("supervisor",), lists=True),
    Guarded("feedback", "POST", f"{TICKET}/checks", ("supervisor",)),
    Guarded("feedback", "POST", f"{TICKET}/check-result", ("supervisor",)),
    Guarded("portal", "GET", "/v1/tickets", lists=True),
    Guarded("portal", "GET", "/v1/inbox", ("clerk", "head", "lead", "leader", "supervisor", "unit"), lists=True),
    Guarded("portal", "GET", TICKET),
    Guarded("portal", "POST", f"{TICKET}/looks", ("supervisor", "leader")),
    Guarded("portal", "GET", f"{TICKET}/actions"),
)
BY_CODE = (
    ("intake", "POST", f"{TICKET}/supplements"),
    ("intake", "POST", f"{TICKET}/withdrawal"),
    ("intake", "POST", f"{TICKET}/confirmation"),
    ("intake", "POST", f"{TICKET}/erasure"),
    ("intake", "GET", f"{TICKET}/requests/{{request}}"),
    ("feedback", "POST", f"{TICKET}/evaluation"),
    ("feedback", "GET", f"{TICKET}/requests/{{request}}"),
    ("notify", "GET", f"{TICKET}/messages"),
    ("notify", "PUT", f"{TICKET}/preferences"),
    ("notify", "GET", f"{TICKET}/requests/{{request}}"),
    ("portal", "GET", TICKET),
    ("portal", "GET", f"{TICKET}/actions"),
)
OF_NO_TICKET = {
    ("feedback", "POST", "/v1/draws"),
    *(("feedback", "GET", f"/v1/draws/{{code}}{more}") for more in ("", "/notices", "/requests/{request}")),
    ("feedback", "POST", "/v1/draws/{code}/outside"),
    *(("feedback", each, "/v1/class-plans") for each in ("GET", "POST")),
    *(("feedback", "GET", f"/v1/class-plans/{{unit}}/{{category}}{more}") for more in ("", "/requests/{request}")),
    ("feedback", "POST", "/v1/class-plans/{unit}/{category}/review"),
    ("intake", "POST", "/v1/submissions"),
    ("intake", "GET", "/v1/ledger/heads"),
    ("routing", "GET", "/v1/units"),
    ("routing", "GET", "/v1/categories"),
    ("routing", "GET", "/v1/return-grounds"),
    ("routing", "POST", "/v1/divisions/resolve"),
    *((service, "POST", "/v1/readings") for service in ("intake", "routing", "portal")),
    *(("sla", method, "/v1/standards") for method in ("GET", "POST")),
    ("sla", "GET", "/v1/standards/gaps"),
    ("sla", "GET", "/v1/standards/{code}/preview"),
    ("sla", "POST", "/v1/standards/{code}/apply"),  # held to division and role by tests/unit/sla/test_applying.py
    ("sla", "GET", "/v1/checks"),
    ("sla", "GET", "/v1/calendars/{year}"),
    ("sla", "GET", "/v1/calendars/{year}.ics"),
    ("notify", "GET", "/v1/templates"),
    *(("notify", "POST", path) for path in ("/v1/receipts/{channel}", "/v1/replies/sms")),  # by who signs as provider
    ("notify", "GET", "/v1/asyncapi"),
    ("notify", "GET", "/v1/schemas/feed"),
    ("notify", "GET", "/v1/schemas/feed/{kind}"),
}
OF_ACCOUNTS = {
    *(("staff", "GET", f"/v1/accounts{path}") for path in ("", "/{name}", "/{name}/requests/{request}")),
    *(("staff", "POST", f"/v1/accounts/{{name}}/{path}") for path in ("appointments", "lock", "unlock")),
    *(
        ("staff", "POST", f"/v1/accounts/{{name}}/appointments/{{appointment}}/{path}")
        for path in ("confirmation", "end")
    ),
}
"""Held to the division and the role of whoever asks by tests/unit/staff/test_routes.py."""
STREAMED = ("sla", "POST", "/v1/what-if")
"""Answers line by line; held to the division and the role of whoever asks by tests/unit/sla/test_what_if.py."""
ENDLESS = ("notify", "GET", "/v1/events/stream")
"""Asked for as ``/v1/events`` is (``events.routes.reach_of``), and read in tests/acceptance/test_D6_pull.py."""
OF_SESSIONS = {
    ("staff", "POST", "/v1/accounts/{name}/links"),
    *(("staff", "POST", f"/v1/accounts/{{name}}/replacements{more}") for more in ("", "/{replacement}/confirmation")),
    ("staff", "POST", "/v1/passwords"),
    ("staff", "POST", "/v1/token"),
    ("staff", "GET", "/v1/audit"),
    *(("staff", "POST", f"/v1/sessions{path}") for path in ("", "/appointment", "/token")),
    *(("staff", "POST", f"/v1/sessions/second-factor{path}") for path in ("", "/confirmation")),
    *(("staff", method, "/v1/sessions") for method in ("GET", "DELETE")),
    ("staff", "DELETE", "/v1/sessions/{sid}"),
}
"""Held to the secrets that they ask for, and the audit to its auditors, by tests/unit/staff: test_signing_in.py,
test_assertions.py, test_audit.py."""

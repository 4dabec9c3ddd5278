"""Where the pages stand, whom each opens to, and which of their paths are forms."""

from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    "/": "live",
    "/brief": "brief",
    "/tickets": "matters",
    "/tickets/{number}": "ticket",
    "/say": "say",
    "/mine": "mine",
    "/mine/end": "mine",
    "/mine/matter": "own",
    "/mine/matter/{act}": "acts",
    "/staff": "sign_in",
    "/staff/password": "sign_in",
    "/staff/choice": "sign_in",
    "/staff/end": "sign_in",
    "/staff/second-factor": "sign_in",
    "/staff/second-factor/code": "sign_in",
    "/desk": "inbox",
    "/desk/many": "many",
    "/desk/supervision": "supervision",
    "/desk/supervision/matters": "supervision",
    "/desk/supervision/overdue.csv": "supervision",
    "/desk/{number}": "desk",
    "/desk/{number}/asked": "desk",
    "/desk/{number}/{act}": "desk_acts",
}
"""Path → the folder of the page (tests/architecture/test_pages.py)."""
ONLY_SENT_TO = ("/mine/end", "/staff/choice", "/staff/end", "/staff/second-factor", "/staff/second-factor/code")
SENT_TO = (
    *(*ONLY_SENT_TO, "/say", "/mine", "/mine/matter/{act}", "/staff", "/staff/password"),
    *("/desk/many", "/desk/{number}/{act}"),
)
BEHIND_A_SESSION = (
    *("/desk", "/desk/many", "/desk/{number}", "/desk/{number}/asked", "/desk/{number}/{act}"),
    *("/desk/supervision", "/desk/supervision/matters", "/desk/supervision/overdue.csv"),
)
"""Without one they lead to where staff sign in (tests/unit/portal/test_desk.py)."""
BEHIND_A_COOKIE = ("/mine/matter", "/mine/matter/{act}", *BEHIND_A_SESSION)
FORMS = {("portal", "POST", path) for path in SENT_TO}
OF_ONES_OWN = {("portal", "GET", path) for path in BEHIND_A_COOKIE}
"""Without the cookie they lead to the form that asks for number and code (tests/unit/portal/test_follow.py)."""
PUBLIC_PAGES = {("portal", "GET", path) for path in PAGES if path not in ONLY_SENT_TO} - OF_ONES_OWN

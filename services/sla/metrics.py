from prometheus_client import Counter, Gauge

EXPLAINED = Counter("sla_deadlines_explained_total", "Deadlines explained to somebody. Only informative.")
MISMATCHED = Counter(
    "sla_deadlines_mismatched_total",
    "Deadlines that recompute to another value than was promised. Above 0: a calendar was changed in place of being "
    "given a new version; find it in the configuration topic.",
)
UNEXPLAINED = Counter(
    "sla_deadlines_unexplained_total",
    "Deadlines whose calendar version is not kept here. Above 0: add that edition to the packaged calendar.",
)
LAST_OFFICIAL = Gauge(
    "sla_calendar_last_official_year",
    "The last year whose days off and make-up workdays are announced here. Behind next year in December: publish the "
    "notice of the State Council; until then deadlines in that year are provisional.",
)
ON_OLD_CALENDAR = Gauge(
    "sla_sheets_on_an_old_calendar",
    "Matters of this process's partitions with a running clock that was set by another edition of the calendar than "
    "the one in force. Falls to 0 within minutes of a publication; if it stays, look for dead letters and at the lag.",
)
UNDER_OLDER_VERSION = Gauge(
    "sla_sheets_under_an_older_standard",
    "Matters of this process's partitions with a running clock that an order applies a newer version of its standard "
    "to. Falls to 0 within minutes of the order; if it stays, look for dead letters and at the lag.",
)
GAPS = Gauge(
    "sla_duties_without_standard",
    "Duties of units without a handling standard of their own. none: not even one that fits anything, so the unit is "
    "not ready to go live; general: such a one is all there is. GET /v1/standards/gaps lists them.",
    ["kind"],
)

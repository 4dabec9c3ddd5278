from prometheus_client import Counter, Gauge

WATCHERS = Gauge(
    "portal_watchers",
    "Open streams of the live page in this process. Near 2,000: add a replica.",
)
STREAMS_REFUSED = Counter(
    "portal_streams_refused_total",
    "Streams of the live page that were not let in: the network had as many as it may (`network`), or the "
    "process (`all`). Rising `network`: is a proxy missing in `DUBAN_TRUSTED_PROXIES`? Rising `all`: add a replica.",
    ["why"],
)
BOARDS_DROPPED = Counter(
    "portal_boards_dropped_total",
    "Boards whose watchers were sent away for a minute because too many divisions are watched. Rising: add a replica.",
)
CODES_REFUSED = Counter(
    "portal_codes_refused_total",
    "Query codes that were wrong (`wrong`), came with a number that is not known here (`unknown`) or were not looked "
    "at because of too many attempts (`limited`). Rising `unknown`: is the portal behind? Rising "
    "`limited`: somebody guesses; look at the addresses in front of the portal.",
    ["why"],
)
RATES_LOST = Counter(
    "portal_rates_unreadable_total",
    "Messages of live-rates that could not be read. Above 0: the stream program and the portal differ in build.",
)
SNAPSHOTS = Counter(
    "portal_snapshots_total",
    "Snapshots put onto ticket-snapshots. Flat while matters move: whoever begins anew gets an old state; look at the "
    "log of the portal's loop.",
)
SEALS_BROKEN = Counter(
    "portal_seals_broken_total",
    "Words that could not be opened with their ticket's key and are shown as empty. Above 0: a service seals for "
    "another field than it says; compare the builds.",
)

from prometheus_client import Counter, Gauge

SUBMISSIONS = Counter(
    "intake_submissions_total",
    "Submissions answered by the door, by channel and answer (created, conflict, invalid, unavailable). Rising "
    "`unavailable`: Kafka is silent; rising `invalid`: somebody's programme sends what the description does not know.",
    ["channel", "answer"],
)
NOT_LET_IN = Counter(
    "intake_not_let_in_total",
    "Submissions that were refused at once: more wait than can be answered in time (`overloaded`), too many from one "
    "network or with one phone number. Rising `overloaded`: runbook door-overloaded; `too_many_from_network`: is a "
    "proxy missing in `DUBAN_TRUSTED_PROXIES`?",
    ["why"],
)
UNDER_WAY = Gauge(
    "intake_submissions_under_way",
    "Submissions that this door is answering. For minutes in the hundreds: add a replica.",
)
CODE_GUESSES = Counter(
    "intake_code_refused_total",
    "Query codes that did not fit. A burst is somebody guessing; the rate limit holds, look at the source.",
)
LEDGER_ENTRIES = Counter("intake_ledger_entries_total", "Entries in the ledger. Flat while the log grows: runbook.")
LEDGER_FORKS = Counter(
    "intake_ledger_forks_total", "Entries that differ from what the ledger holds. Above 0: the ledger halted; runbook."
)
OPLOG_AGE = Gauge(
    "intake_oplog_oldest_seconds",
    "Age of the oldest entry of MongoDB's own log, which holds the words and keys that were erased since. Above "
    "`intake_erased_within_seconds`: runbook words-stay.",
)
ERASED_WITHIN = Gauge(
    "intake_erased_within_seconds",
    "Within how long reporters are promised that an erasure is complete. It moves with DUBAN_ERASED_WITHIN_DAYS alone.",
)
LEDGER_HEAD = Gauge("intake_ledger_head_number", "Number of the last signed head. Flat for ten minutes: look why.")

from prometheus_client import Counter, Gauge

SENT = Counter(
    "notify_messages_total",
    "Messages handed to a provider, by channel and outcome (sent, failed, unknown, not_sent, pending). Rising "
    "`unknown`: the provider times out and cannot be asked; a person looks at GET /v1/deliveries/unknown. Rising "
    "`pending`: it times out, and is asked again once it must know.",
    ["channel", "outcome"],
)
LOOK_UPS = Counter(
    "notify_look_ups_total",
    "References that a provider was asked after, by channel and answer (sent, not_sent: certain, so it goes again; "
    "pending, unknown). Only `unknown`: its look-up does not answer; people wait for messages.",
    ["channel", "outcome"],
)
FEED = Counter(
    "notify_feed_events_total",
    "Events put onto the public feed, by type. Flat while tickets move: the relay is stuck.",
    ["type"],
)
SILENT = Gauge(
    "notify_county_silent",
    "By county of the directory: 1 while no matter was registered there for DUBAN_SILENT_AFTER_DAYS working days. "
    "At 1: its doors are shut to people, or nobody knows of them; runbook county-silent.",
    ["division"],
)
FEED_READ = Counter(
    "notify_feed_read_total",
    "Events of the public feed that were read over HTTP, by way (page, stream). Falling to nothing while events come: "
    "whoever reads is away, or refused; look at the API's answers.",
    ["way"],
)
HOOKS = Counter(
    "notify_hooks_total",
    "Webhooks, by outcome (delivered, failed: tried again later, given_up: 72 hours in vain). Rising `failed`: "
    "receivers are down; who owns them sees it at GET /v1/subscriptions.",
    ["outcome"],
)
PARTS = Counter(
    "notify_sms_parts_total",
    "Parts of SMS handed to the gateway and sent: what it charges for. Rising faster than messages: a template grew; "
    "look at GET /v1/templates.",
)
REPLIES = Counter(
    "notify_replies_total",
    "Replies by SMS, by outcome (evaluated; unclear and ambiguous: answered once with how it is done; nobody: no "
    "question stands open to that phone; repeated: its provider handed it on before). Rising `unclear`: the text that "
    "asks is not understood, look at GET /v1/templates. Rising `nobody`: replies come late, or from other numbers.",
    ["outcome"],
)
SAVED = Counter(
    "notify_deliveries_saved_total",
    "Deliveries that went in a letter with another one: messages that nobody had to read. Flat while matters are "
    "registered: the texts for several steps at once (`a+b` in GET /v1/templates) are gone.",
)
LETTERS = Counter(
    "notify_letters_total",
    "Letters that went, by audience and reason (digest, urgent, order, alone). Rising `alone` for staff: they are told "
    "one by one where a digest would do; look at DUBAN_DIGEST_AT.",
    ["audience", "reason"],
)
SPENT = Counter(
    "notify_budget_spent_total",
    "Letters to staff that wait for the next day, because their account has got all of this one. Rising: an account is "
    "written to too often, or DUBAN_LETTERS_A_DAY is too low for its work.",
)
RESTS = Counter(
    "notify_provider_rests_total",
    "Times that a provider was left to rest after failures in a row, by channel. Rising: it is down or away; its "
    "messages wait and go when it is back.",
    ["channel"],
)
CHANNELS = Gauge(
    "notify_channels",
    "Channels of the register, by what is to be done (renew: expires within 14 days; expired: operates no more). "
    "Rising `renew`: the supervision office renews or ends them at /v1/channels.",
    ["due"],
)
CODE_GUESSES = Counter(
    "notify_code_refused_total",
    "Query codes that did not fit at messages and preferences. A burst is somebody guessing; the rate limit holds.",
)

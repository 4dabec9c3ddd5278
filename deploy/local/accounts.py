"""Database accounts, as data: a service has its own database and nothing else; nobody may change the ledger."""

from collections.abc import Mapping
from typing import Any

from contracts.topics import SERVICES
from runtime.mongo.member_lease import COLLECTION as MEMBERS
from runtime.mongo.tried_codes import COLLECTION, DATABASE

DOOR = "intake-api"  # may stand at the internet: it looks up what is registered, and sees no key
SHOWING = "portal-api"  # stands at the internet: it reads what is shown, and writes nothing but tried codes
LOOKING: Mapping[str, str] = {"notify-feed": "notify", "notify-hooks": "notify"}
"""They relay a log; of the service's database they see which log it knows and who runs, and have what is in QUEUES."""
QUEUES: Mapping[str, tuple[str, ...]] = {"notify-hooks": ("hook_queue",)}
PREPARE = "prepare"  # lays topics: it looks which log the documents know, and writes that down where nobody has yet
ACCOUNTS = (*SERVICES, DOOR, SHOWING, *LOOKING, PREPARE)
DOCUMENTS: Mapping[str, str] = {
    "intake": "tickets",
    "routing": "assignments",
    "sla": "clock_sheets",
    "notify": "deliveries",
    "feedback": "cases",
    "portal": "tickets",
    "staff": "accounts",
}
"""The collection of each service whose documents have positions in the log."""
OPLOG = ("local", "oplog.rs")  # how far back it reaches; intake, which opens everything, sees nothing new in it
SHOWN = ("tickets", "ledger_heads", "control")  # to the door
APPEND = ("find", "insert", "createCollection", "createIndex", "listIndexes")
KEEP = (*APPEND, "update")  # a tombstone is never deleted
CHANGE = (*KEEP, "remove")
APPEND_ONLY = ("ledger", "ledger_heads")
CHANGEABLE = ("tickets", "parked", "control", "day_keys", MEMBERS)
READ_TO_SHOW = ("tickets", "control")
ASKS_CODES = (DOOR, SHOWING, "feedback", "notify")  # count together who tries codes
TRIED = ("find", "insert", "update")
KEY_VIEWS: Mapping[str, tuple[str, ...]] = {
    "routing": ("words_keys",),
    "sla": ("words_keys",),
    "notify": ("words_keys", "contact_keys"),
    "feedback": ("words_keys",),
    "portal": ("words_keys",),
}
DROPPABLE: Mapping[str, tuple[str, ...]] = {"portal": ("tickets_rebuilt",)}  # made anew from the log


def _on(database: str, collection: str, actions: tuple[str, ...]) -> dict[str, Any]:
    return {"resource": {"db": database, "collection": collection}, "actions": list(actions)}


def privileges(account: str, namespace: str) -> list[dict[str, Any]]:
    """What an account may do."""
    looking = {"resource": {"cluster": True}, "actions": ["getDefaultRWConcern"]}
    if account in LOOKING:
        database, queues = f"{namespace}_{LOOKING[account]}", QUEUES.get(account, ())
        known = [_on(database, "control", ("find",)), _on(database, MEMBERS, KEEP)]
        return [looking, *known, *(_on(database, name, CHANGE) for name in queues)]
    if account == DOOR:
        return [looking, *(_on(f"{namespace}_intake", shown, ("find",)) for shown in SHOWN), _tried(namespace)]
    if account == SHOWING:
        shown = [_on(f"{namespace}_portal", name, ("find",)) for name in READ_TO_SHOW]
        return [looking, *shown, _on(f"{namespace}_vault", "words_keys", ("find",)), _tried(namespace)]
    if account == PREPARE:
        return [looking, *(each for name in SERVICES for each in _to_prepare(f"{namespace}_{name}"))]
    return [looking, *_of_service(account, namespace)]


def _to_prepare(database: str) -> list[dict[str, Any]]:
    looks = [_on(database, documents, ("find",)) for documents in sorted(set(DOCUMENTS.values()))]
    return [*looks, _on(database, "control", KEEP)]


def _of_service(service: str, namespace: str) -> list[dict[str, Any]]:
    own, vault = f"{namespace}_{service}", f"{namespace}_vault"
    listing = _on(own, "", ("listCollections", "dbStats"))
    if service == "intake":
        kept = [_on(own, name, CHANGE) for name in CHANGEABLE] + [_on(own, name, APPEND) for name in APPEND_ONLY]
        return [
            listing,
            _on(vault, "", (*KEEP, "listCollections")),
            _on(*OPLOG, ("find",)),
            *kept,
            _tried(namespace, APPEND),
        ]
    return [
        listing,
        *([_tried(namespace)] if service in ASKS_CODES else []),
        _on(own, "", CHANGE),
        *(_on(vault, view, ("find",)) for view in KEY_VIEWS.get(service, ())),
        *(_on(own, name, ("dropCollection",)) for name in DROPPABLE.get(service, ())),
    ]


def _tried(namespace: str, actions: tuple[str, ...] = TRIED) -> dict[str, Any]:
    """Intake's loop lays the collection and its index."""
    return _on(f"{namespace}_{DATABASE}", COLLECTION, actions)


def account_of(service: str, part: str) -> str:
    """Whom a part of a service signs in as."""
    return f"{service}-{part}" if f"{service}-{part}" in ACCOUNTS else service

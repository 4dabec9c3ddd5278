"""Database accounts, as data: a service has its own database and nothing else; nobody may change the ledger."""

from collections.abc import Mapping
from typing import Any

SERVICES = ("intake", "routing", "sla", "notify", "feedback", "portal")
APPEND = ("find", "insert", "createCollection", "createIndex", "listIndexes")
CHANGE = (*APPEND, "update", "remove")
APPEND_ONLY = ("ledger", "ledger_heads")
CHANGEABLE = ("tickets", "parked", "control", "day_keys")
KEY_VIEWS: Mapping[str, tuple[str, ...]] = {
    "routing": ("words_keys",),
    "notify": ("words_keys", "contact_keys"),
    "feedback": ("words_keys",),
    "portal": ("words_keys",),
}
DROPPABLE: Mapping[str, tuple[str, ...]] = {"portal": ("tickets_rebuilt",)}  # made anew from the log


def _on(database: str, collection: str, actions: tuple[str, ...]) -> dict[str, Any]:
    return {"resource": {"db": database, "collection": collection}, "actions": list(actions)}


def privileges(service: str, namespace: str) -> list[dict[str, Any]]:
    """What the user of a service may do."""
    own, vault = f"{namespace}_{service}", f"{namespace}_vault"
    looking = {"resource": {"cluster": True}, "actions": ["getDefaultRWConcern"]}
    listing = _on(own, "", ("listCollections",))
    if service == "intake":
        kept = [_on(own, name, CHANGE) for name in CHANGEABLE] + [_on(own, name, APPEND) for name in APPEND_ONLY]
        return [looking, listing, _on(vault, "", (*CHANGE, "listCollections")), *kept]
    return [
        looking,
        listing,
        _on(own, "", CHANGE),
        *(_on(vault, view, ("find",)) for view in KEY_VIEWS.get(service, ())),
        *(_on(own, name, ("dropCollection",)) for name in DROPPABLE.get(service, ())),
    ]

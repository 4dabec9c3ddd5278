"""The vault, the day keys and the ledger, as their adapters write them to MongoDB."""

import itertools
from collections.abc import Mapping
from typing import Any

from runtime.identity.seals import KeyWrap, Random
from runtime.identity.vault import InMemoryVault, MongoVault
from runtime.process.platform import InMemoryPlatform, vault_of
from services.intake import wiring
from services.intake.adapters.mongo import MongoDayKeys, MongoLedger
from tests.recorded.stored_form import KeptDatabase

VAULT, DAY_KEYS = "vault", "day_keys"


async def intake_collections(platform: InMemoryPlatform) -> dict[str, dict[str, str]]:
    """Collection → id → document in canonical form. Of each chain of the ledger the last entry, which covers it."""
    database, adapters = KeptDatabase(), wiring.adapters(platform)
    vault, keys = vault_of(platform, VAULT), adapters.day_keys
    assert isinstance(vault, InMemoryVault)
    await MongoVault(database).insert_absent(list(vault.records.values()))
    wrapping = MongoDayKeys(database, KeyWrap(adapters.wrap.kek, counting()))
    for day in await keys.kept():
        await wrapping.ensure(day, await keys.private(day) or b"")
    await _ledger(adapters, MongoLedger(database))
    return database.texts()


async def _ledger(adapters: Any, kept: MongoLedger) -> None:
    places = await adapters.ledger.places()
    ends = [(*place, (await adapters.ledger.end(*place)).offset) for place in places]
    await kept.append(await adapters.ledger.at(ends))
    await wiring.signer_of(adapters).sign()
    for signed in await adapters.ledger.last_heads(1):
        await kept.sign(signed)


async def reads_as(texts: Mapping[str, Mapping[str, str]], platform: InMemoryPlatform) -> Mapping[str, tuple[Any, Any]]:
    """Collection → what its adapter reads in these documents, and what it ought to."""
    database, adapters = KeptDatabase(), wiring.adapters(platform)
    database.hold(texts)
    vault, tickets = vault_of(platform, VAULT), list(texts[VAULT])
    keys = MongoDayKeys(database, adapters.wrap)
    places = [_place(each) for each in texts["ledger"]]
    ledger = MongoLedger(database)
    private = [[await each.private(day) for day in texts[DAY_KEYS]] for each in (keys, adapters.day_keys)]
    return {
        VAULT: (await MongoVault(database).read(tickets), await vault.read(tickets)),
        DAY_KEYS: (private[0], private[1]),
        "ledger": (await ledger.at(places), await adapters.ledger.at(places)),
    }


def _place(entry: str) -> tuple[str, int, int]:
    log, partition, offset = entry.rsplit("/", 2)
    return log, int(partition), int(offset)


def counting() -> Random:
    """Bytes that are other ones each time and the same in every run."""
    count = itertools.count(1)
    return lambda length: next(count).to_bytes(length, "big")

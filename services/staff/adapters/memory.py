from runtime.memory.store import InMemoryStore
from services.staff.domain.account import Account, key_of, name_of
from services.staff.ports import NamedAccount


class InMemoryAccounts:
    """The accounts of an in-memory store."""

    def __init__(self, store: InMemoryStore[Account]) -> None:
        self._store = store

    async def find(self, name: str) -> Account | None:
        record = self._store.records.get(key_of(name))
        return record.document if record else None

    async def within(self, division: str, at_most: int, after: str = "") -> tuple[NamedAccount, ...]:
        """Those whose appointments reach into it."""
        known = sorted((name_of(key), record.document) for key, record in self._store.records.items())
        found = [NamedAccount(name, account) for name, account in known if account and account.touches(division)]
        return tuple([each for each in found if each.name > after][:at_most])

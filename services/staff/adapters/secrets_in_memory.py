"""Credentials, sessions, attempts and keys of a process that keeps nothing beyond its end."""

from dataclasses import replace
from datetime import datetime

from services.staff.domain.one_time_codes import SecondFactor
from services.staff.domain.passwords import FORGOTTEN_AFTER
from services.staff.domain.sessions import OF_ONE_ACCOUNT, Session
from services.staff.ports import Credential, WrongTries

REMEMBERED_AT_MOST = 100_000  # addresses that were wrong


class InMemoryCredentials:
    def __init__(self) -> None:
        self._known: dict[str, Credential] = {}

    async def find(self, account: str) -> Credential:
        return self._known.get(account, Credential())

    async def lay_link(self, account: str, link: str, until: datetime, replacement: int = 0) -> bool:
        known = await self.find(account)
        if known.password and replacement <= known.replacement:
            return False
        self._known[account] = replace(known, link=link, until=until, laid_by=replacement)
        return True

    async def of_link(self, link: str, now: datetime) -> str:
        found = [name for name, each in self._known.items() if each.link == link and each.until and now < each.until]
        return found[0] if link and found else ""

    async def use_link(self, account: str, link: str, password: str) -> bool:
        known = await self.find(account)
        if not link or known.link != link:
            return False
        self._known[account] = Credential(password, replacement=known.laid_by)
        return True

    async def rehash(self, account: str, old: str, new: str) -> None:
        known = await self.find(account)
        if known.password == old:
            self._known[account] = replace(known, password=new)


class InMemorySecondFactors:
    def __init__(self) -> None:
        self._factors: dict[str, SecondFactor] = {}

    async def find(self, account: str) -> SecondFactor | None:
        return self._factors.get(account)

    async def lay(self, account: str, factor: SecondFactor) -> bool:
        known = self._factors.get(account)
        if known is not None and known.stands(factor.replacement):
            return False
        self._factors[account] = factor
        return True

    async def use(self, account: str, factor: SecondFactor, step: int) -> bool:
        known = self._factors.get(account)
        if known is None or (known.sid, known.replacement) != (factor.sid, factor.replacement) or step <= known.step:
            return False
        self._factors[account] = replace(known, step=step)
        return True


class InMemoryAttempts:
    def __init__(self) -> None:
        self._wrong: dict[tuple[str, str], tuple[int, datetime]] = {}

    async def lately(self, account: str, address: str) -> WrongTries:
        of_account = {where: tries for (name, where), tries in self._wrong.items() if name == account}
        here, last = of_account.get(address, (0, None))
        return WrongTries(here, sum(count for count, _ in of_account.values()), last)

    async def wrong(self, account: str, address: str, now: datetime) -> None:
        self._wrong = {key: tries for key, tries in self._wrong.items() if now - tries[1] < FORGOTTEN_AFTER}
        count, _ = self._wrong.pop((account, address), (0, now))
        self._wrong[account, address] = (count + 1, now)
        while len(self._wrong) > REMEMBERED_AT_MOST:
            del self._wrong[next(iter(self._wrong))]

    async def right(self, account: str, address: str) -> None:
        self._wrong.pop((account, address), None)


class InMemorySessions:
    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    async def open(self, session: Session) -> None:
        self._open[session.digest] = session
        for old in (await self.of(session.account))[:-OF_ONE_ACCOUNT]:
            del self._open[old.digest]

    async def find(self, digest: str) -> Session | None:
        return self._open.get(digest)

    async def seen(self, digest: str, at: datetime) -> None:
        if digest in self._open:
            self._open[digest] = replace(self._open[digest], seen=max(at, self._open[digest].seen))

    async def replace(self, digest: str, session: Session) -> bool:
        if self._open.pop(digest, None) is None:
            return False
        self._open[session.digest] = session
        return True

    async def of(self, account: str) -> tuple[Session, ...]:
        return tuple(sorted((each for each in self._open.values() if each.account == account), key=_age))

    async def end(self, account: str, sid: str) -> bool:
        found = [each.digest for each in await self.of(account) if each.sid == sid]
        for digest in found:
            del self._open[digest]
        return bool(found)

    async def end_all(self, account: str) -> int:
        return len([self._open.pop(each.digest) for each in await self.of(account)])


class InMemoryTokenKeys:
    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    async def ensure(self, kid: str, private: str) -> str:
        return self._keys.setdefault(kid, private)

    async def private(self, kid: str) -> str | None:
        return self._keys.get(kid)

    async def keep_only(self, kids: tuple[str, ...]) -> None:
        self._keys = {kid: private for kid, private in self._keys.items() if kid in kids}


def _age(session: Session) -> tuple[datetime, str]:
    return session.opened, session.digest

"""A new epoch is begun once, in every service, and a run that broke off is gone on with."""

from typing import Any

import pytest

from cli.kinds import speaking
from cli.new_epoch import EpochRefused, begin_epoch, stored_kinds
from cli.restoring import PutBack
from contracts.topics import SERVICES
from runtime.delivery.log_identity import LogIdentity
from runtime.delivery.ports import Unavailable
from tests.facts import intake
from tests.harness import fact
from tests.unit.cli.lost_log import EpochKept, FreshLogInMemory, LostLog

OLD = LogIdentity(1, "c", {"tickets": "old"})


class LossScene:
    """A lost log with a submission that nobody took, and what each service remembers."""

    def __init__(self) -> None:
        self.town, self.log = LostLog(), FreshLogInMemory(2)
        self.memories = {service: EpochKept(OLD) for service in SERVICES}
        self.told: list[PutBack] = []

    async def lose(self) -> None:
        self.town.say(fact(intake.submission_received()), "submissions")
        await self.town.mirror()
        self.town.lose()

    async def begin(self, epoch: int = 2) -> None:
        await begin_epoch(self.log, self.memories, self.town.parts(), epoch, self.told.append)

    def epochs(self) -> list[int]:
        return [each.kept.epoch for each in self.memories.values() if each.kept]


@pytest.fixture
async def beginning() -> LossScene:
    made = LossScene()
    await made.lose()
    return made


async def test_every_service_knows_the_new_log_and_what_came_back_is_told(beginning: LossScene) -> None:
    await beginning.begin()
    assert {each.kept for each in beginning.memories.values() if each.kept != beginning.log.identity} == set()
    assert [each.put for each in beginning.told] == [{"submissions": 1}]


@pytest.mark.parametrize("nth", range(len(SERVICES)))
async def test_a_run_that_broke_off_between_two_services_is_gone_on_with(beginning: LossScene, nth: int) -> None:
    beginning.memories[SERVICES[nth]].fails = 1
    with pytest.raises(Unavailable):
        await beginning.begin()
    assert beginning.epochs() == [2] * nth + [1] * (len(SERVICES) - nth)
    held = beginning.town.all()
    await beginning.begin()
    assert beginning.epochs() == [2] * len(SERVICES)
    assert beginning.town.all() == held, "nothing is put back twice"
    assert len(beginning.told) == 2, "what could not be put back is told before anybody knows the epoch"


async def test_an_epoch_that_has_begun_is_not_begun_again(beginning: LossScene) -> None:
    await beginning.begin()
    with pytest.raises(EpochRefused, match=r"epoch 2 has begun: .*DUBAN_LOG_EPOCH=2; .*--new-epoch 3"):
        await beginning.begin()
    assert (len(beginning.told), beginning.log.made) == (1, 1)


async def test_an_epoch_whose_own_topics_were_lost_before_it_was_whole_needs_the_next_one(
    beginning: LossScene,
) -> None:
    beginning.memories["portal"].fails = 1
    with pytest.raises(Unavailable):
        await beginning.begin()
    beginning.log.identity = LogIdentity(2, "c", {})
    with pytest.raises(EpochRefused, match="at epoch 2: --new-epoch 3"):
        await beginning.begin()
    assert beginning.log.made == 1


async def test_an_older_epoch_is_refused_and_nothing_is_made(beginning: LossScene) -> None:
    beginning.memories["sla"].kept = LogIdentity(3, "c", {})
    with pytest.raises(EpochRefused, match="at epoch 3: --new-epoch 4"):
        await beginning.begin()
    assert (beginning.log.made, beginning.town.all()) == (0, [])


async def test_where_nobody_remembers_a_log_the_first_epoch_may_begin(beginning: LossScene) -> None:
    beginning.memories = {service: EpochKept() for service in SERVICES}
    await beginning.begin()
    assert beginning.epochs() == [2] * len(SERVICES)


class NamedDatabase(dict[str, Any]):
    """Says of each collection which database and collection it is."""

    def __init__(self, name: str, asked: list[tuple[str, str]]) -> None:
        super().__init__()
        self._name, self._asked = name, asked

    def __missing__(self, collection: str) -> str:
        self._asked.append((self._name, collection))
        return collection


def test_every_kind_of_document_is_looked_at_in_its_own_collection() -> None:
    asked: list[tuple[str, str]] = []
    stored = stored_kinds(lambda name: NamedDatabase(name, asked))
    built = [each.build() for each in speaking()]
    assert asked == [(each.name, each.collection) for each in built]
    assert {("feedback", "affairs"), ("feedback", "cases"), ("staff", "accounts")} <= set(asked)
    assert [(each.service, each.says, each.logs) for each in stored] == [
        (each.name, each.says, each.logs) for each in built
    ]

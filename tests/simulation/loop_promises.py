"""The promises of the delivery contract, looked up in a world of the loop's simulation that has come to rest."""

from collections import Counter, defaultdict
from typing import Any

from contracts.envelope import Body, RequestDecided, type_of
from runtime.delivery.records import Incoming
from tests.harness import decoded
from tests.simulation.loop_chain import Begun, ChainEnded, HandedOn, HeardByLink, Stopped, Weighed
from tests.simulation.loop_world import KEYS, World

FACTS: dict[str, type[Body]] = {
    body.__name__: body for body in (Begun, Weighed, HandedOn, ChainEnded, Stopped, RequestDecided)
}
HEARS: dict[str, dict[str, tuple[type[Body], ...]]] = {
    "head": {},
    "middle": {"head": (Begun, Weighed)},
    "tail": {"head": (Weighed,), "middle": (HandedOn,)},
}


class Broken(AssertionError):
    """A promise of the delivery contract does not hold."""


def facts_of(world: World, producer: str, key: str) -> list[Any]:
    """First occurrences of what a service said of a key, in the order of the log."""
    return list(_first_occurrences(world).get((producer, key), {}).values())


def _first_occurrences(world: World) -> dict[tuple[str, str], dict[int, Any]]:
    """Read once: the world has come to rest."""
    if not world.facts:
        for record in _said(world):
            if type_of(record.headers) in FACTS:
                message = decoded(record, FACTS[type_of(record.headers)])
                world.facts.setdefault((message.producer, record.key), {}).setdefault(message.seq, message)
    return world.facts


def _said(world: World) -> list[Incoming]:
    return [record for topic in KEYS for record in world.log.of_topic(topic)]


def payloads_agree(world: World) -> None:
    """V3: facts with one id have one payload."""
    payloads: dict[str, set[bytes]] = defaultdict(set)
    for record in _said(world):
        payloads[dict(record.headers)["ce_id"].decode()].add(record.value)
    if any(len(different) > 1 for different in payloads.values()):
        raise Broken("one id, two payloads")


def facts_are_complete_and_in_order(world: World) -> None:
    """Every fact that a document counted is in the log, first occurrences in order."""
    for name, store in world.stores.items():
        for key, record in store.records.items():
            said = [message.seq for message in facts_of(world, world.services[name].name, key)]
            if said != list(range(1, record.seq + 1)):
                raise Broken(f"{name} said {said} of {key}, counted {record.seq}")


def each_fact_is_taken_once(world: World) -> None:
    """A service's document holds each fact that it reacts to exactly once, in order."""
    for name, service in world.services.items():
        for key, record in world.stores[name].records.items():
            for producer, bodies in HEARS[service.name].items():
                wanted = [m.seq for m in facts_of(world, producer, key) if isinstance(m.body, bodies)]
                taken = [n for who, n in (record.document or HeardByLink()).taken if who == producer]
                if taken != wanted:
                    raise Broken(f"{name} took {taken} from {producer} about {key}, not {wanted}")


def kinds_stay_apart(world: World) -> None:
    """Nothing of one kind of document is said in the log of the other, or stored with it."""
    for topic, keys in KEYS.items():
        stored = {key for n, each in world.services.items() if each.says == topic for key in world.stores[n].records}
        strange = (stored | {record.key for record in world.log.of_topic(topic)}) - set(keys)
        if strange:
            raise Broken(f"{strange} in {topic}")


def requests_have_one_outcome(world: World) -> None:
    """V9, except what is still kept because the baton never came."""
    decided: Counter[str] = Counter()
    for name, service in world.services.items():
        for key in world.stores[name].records:
            decided.update(
                m.body.request for m in facts_of(world, service.name, key) if isinstance(m.body, RequestDecided)
            )
    kept = {_id(each) for store in world.stores.values() for record in store.records.values() for each in record.kept}
    wrong = [each for each in world.requests if decided[each] + (each in kept) != 1]
    if wrong:
        raise Broken(f"not exactly one outcome: {wrong}")


def _id(incoming: Incoming) -> str:
    return dict(incoming.headers)["ce_id"].decode()


CHECKS = (
    payloads_agree,
    facts_are_complete_and_in_order,
    each_fact_is_taken_once,
    kinds_stay_apart,
    requests_have_one_outcome,
)

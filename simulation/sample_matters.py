"""Sample matters (样例事项) from a seed: written by hand, varied so that a stream of them does not look copied."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

PHONES = 10_000  # numbers 139 0000 0000 … 9999, which nobody has


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody made up. ``channel``: how to be told."""

    name: str
    phone: str
    email: str
    channel: str

    def sent(self) -> dict[str, str]:
        """As intake's API takes it."""
        address = {"email": self.email} if self.channel == "email" else {"phone": self.phone}
        return {"name": self.name, "channel": self.channel} | address


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One matter as somebody brings it up. ``shows``: "", urgent, ambiguous, unclear or out_of_scope."""

    key: str
    title: str
    content: str
    place: str
    division: str
    hint: str
    shows: str
    reporter: SamplePerson | None
    co_reporters: tuple[SamplePerson, ...]
    on_behalf: bool

    def sent(self) -> dict[str, Any]:
        """The body of ``POST /v1/submissions``."""
        body: dict[str, Any] = {"title": self.title, "content": self.content}
        optional = {"place": self.place, "division": self.division, "category": self.hint}
        body |= {name: value for name, value in optional.items() if value}
        if self.reporter is not None:
            body["reporter"] = self.reporter.sent()
        if self.co_reporters:
            body["co_reporters"] = [each.sent() for each in self.co_reporters]
        if self.on_behalf and self.reporter is not None:
            body["on_behalf_of"] = self.reporter.name
        return body


@cache
def sample() -> Mapping[str, Any]:
    loaded: dict[str, Any] = orjson.loads(files("simulation").joinpath("sample_matters.json").read_bytes())
    return loaded


def stream(seed: int) -> Iterator[Matter]:
    """Matters without end, the same for the same seed. Every written one comes before any comes again."""
    chance, data = random.Random(f"matters/{seed}"), sample()
    while True:
        yield from (_varied(written, data, chance) for written in _shuffled(data["matters"], chance))


def _shuffled(written: Sequence[Mapping[str, Any]], chance: random.Random) -> list[Mapping[str, Any]]:
    return chance.sample(list(written), len(written))


def _varied(written: Mapping[str, Any], data: Mapping[str, Any], chance: random.Random) -> Matter:
    division = written.get("division") or chance.choice(sorted(data["townships"]))
    town = data["townships"][division]
    chosen = {name: str(chance.choice(values)) for name, values in data["fill"].items()} | {"地": town}
    names_place = not written.get("without_division")
    people = _people(data["people"], chance)
    return Matter(
        key=written["key"],
        title=_filled(written["title"], chosen),
        content=_framed(_filled(written["content"], chosen), written, data, chance),
        place=f"{data['county']['zh']}{town}{chosen['组']}" if names_place else "",
        division=division if names_place else "",
        hint=written.get("hint", ""),
        shows=written.get("shows", ""),
        reporter=None if written.get("anonymous") else next(people),
        co_reporters=tuple(replace(next(people), channel="sms") for _ in range(written.get("co_reporters", 0))),
        on_behalf=bool(written.get("on_behalf")),
    )


def _framed(text: str, written: Mapping[str, Any], data: Mapping[str, Any], chance: random.Random) -> str:
    """What is unclear stays as short as it is; the rest gets an opening and an ending."""
    if written.get("shows") == "unclear":
        return text
    return f"{chance.choice(data['openings'])}{text}{chance.choice(data['closings'])}"


def _filled(text: str, chosen: Mapping[str, str]) -> str:
    for name, value in chosen.items():
        text = text.replace("{" + name + "}", value)
    return text


def _people(data: Mapping[str, Any], chance: random.Random) -> Iterator[SamplePerson]:
    """Obviously made-up people, each with a number of its own within a matter."""
    for number in chance.sample(range(PHONES), 60):
        name = chance.choice(data["surnames"]) + chance.choice(data["given"])
        channel = chance.choices(("sms", "email"), (4, 1))[0]
        yield SamplePerson(name, data["phone"].format(number), data["email"].format(number), channel)

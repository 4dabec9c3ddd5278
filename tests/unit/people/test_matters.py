import re
from collections import Counter
from itertools import islice

from services.intake.api.bodies import Submission
from services.intake.domain.screening import screen, signals_of
from simulation.sample_matters import Matter, sample, stream

WRITTEN = sample()["matters"]
MANY = list(islice(stream(7), 5 * len(WRITTEN)))


def screened(matter: Matter) -> str:
    """The rule that screens it out, "urgent", or ""."""
    asked = matter.reporter is not None
    screening = screen(signals_of(matter.title, matter.content, matter.place, can_be_asked=asked))
    return "urgent" if screening.urgency else screening.rule


def test_there_are_enough_and_each_is_its_own() -> None:
    assert len(WRITTEN) >= 60
    assert len({each["key"] for each in WRITTEN}) == len(WRITTEN)
    assert len({each["title"] for each in WRITTEN}) == len(WRITTEN)


def test_the_same_seed_tells_the_same_story_and_another_seed_another() -> None:
    assert list(islice(stream(7), 50)) == MANY[:50]
    assert list(islice(stream(8), 50)) != MANY[:50]


def test_a_stream_does_not_look_copied() -> None:
    repeated = Counter((matter.title, matter.content) for matter in MANY if matter.shows not in {"unclear"})
    assert sum(count - 1 for count in repeated.values()) <= len(MANY) // 100


def test_no_hole_stays_open() -> None:
    assert [matter.key for matter in MANY if re.search(r"[{}]", matter.title + matter.content + matter.place)] == []


def test_every_matter_is_a_submission_that_intake_takes() -> None:
    for matter in MANY:
        Submission.model_validate(matter.sent())


def test_people_are_obviously_made_up() -> None:
    people = [person for matter in MANY for person in (matter.reporter, *matter.co_reporters) if person]
    assert all(re.fullmatch(r"1390000\d{4}", person.phone) for person in people)
    assert all(person.email.endswith("@example.org") for person in people)
    assert all(any(word in person.name for word in sample()["people"]["given"]) for person in people)


def test_screening_finds_what_a_matter_was_written_to_show() -> None:
    wrong = {(matter.key, matter.shows, screened(matter)) for matter in MANY if screened(matter) != wanted(matter)}
    assert wrong == set()


def wanted(matter: Matter) -> str:
    match matter.shows:
        case "urgent" | "out_of_scope":
            return matter.shows
        case "unclear":
            return "unclear_statement" if len(matter.content) < 14 else "unclear_reference"
        case _:
            return ""


def test_the_stream_shows_urgent_collective_ambiguous_and_screened_out_matters() -> None:
    shown = Counter(matter.shows for matter in MANY[: len(WRITTEN)])
    assert min(shown[kind] for kind in ("urgent", "ambiguous", "unclear", "out_of_scope")) >= 3
    assert sum(bool(matter.co_reporters) for matter in MANY[: len(WRITTEN)]) >= 6
    assert sum(matter.on_behalf for matter in MANY[: len(WRITTEN)]) >= 2

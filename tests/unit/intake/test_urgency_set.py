"""The figures that urgency has to reach on its labelled set (docs/urgency.md). Missing one, a change does not pass."""

import gzip
import random

import pytest

from benchmarks import urgency, urgency_training
from benchmarks.urgency import Row, messages, rates, score, sentences

PRECISION, RECALL = 0.80, 0.90
MOST_NOW, MOST_PERHAPS = 0.01, 0.03  # of real messages
SLOWEST_MICROS = (
    50 * 4
)  # the target is 50 µs; a shared machine under load is slower. benchmarks.urgency tells the figure
OWN = [row for row in sentences() if row.part == "test"]
ABSENT = "SKIPPED: ../shared/data/messages is not here; the figures on real messages were not looked at"


@pytest.fixture(scope="module")
def real() -> list[Row]:
    rows = [row for row in messages() if row.part == "test"]
    if not rows:
        pytest.skip(ABSENT)
    return rows


def test_the_set_is_large_and_half_of_the_harmless_sentences_are_hard() -> None:
    rows = sentences()
    harmless = [row for row in rows if row.answer == "no"]
    assert len(rows) >= 400
    assert len(OWN) >= 300
    assert sum(row.kind not in ("ordinary", "letter") for row in harmless if row.part == "test") >= 100
    assert {row.answer for row in OWN} == {"now", "perhaps", "no"}


def test_no_sentence_is_in_both_parts() -> None:
    texts = [row.text for row in sentences()]
    assert len(set(texts)) == len(texts)


def test_own_sentences_of_the_test_part_are_judged_well_enough() -> None:
    found = score(OWN)
    assert found.precision >= PRECISION
    assert found.recall >= RECALL


def test_own_and_real_messages_of_the_test_part_are_judged_well_enough(real: list[Row]) -> None:
    found = score([*OWN, *real])
    assert found.precision >= PRECISION
    assert found.recall >= RECALL


def test_few_real_messages_raise_an_alarm(real: list[Row]) -> None:
    share = rates(real)
    assert share["now"] <= MOST_NOW
    assert share["perhaps"] <= MOST_PERHAPS


def test_the_labels_of_real_messages_all_belong_to_one(real: list[Row]) -> None:
    keys = (urgency.SETS / "urgency_messages.tsv").read_text().splitlines()[1:]
    assert len(keys) >= 800
    assert sum(bool(row.answer) for row in messages()) == len(keys)


def test_the_weights_were_learnt_from_the_sentences_as_they_are() -> None:
    first = gzip.decompress(urgency_training.WEIGHTS.read_bytes()).decode().split("\n", 1)[0]
    train = [row for row in sentences() if row.part == "train"]
    assert first == f"# {urgency_training.digest_of(train)}", "run python -m benchmarks.urgency_training"


def test_learning_twice_gives_the_same_weights() -> None:
    few = random.Random(3).sample([row for row in sentences() if row.part == "train"], 60)
    assert urgency_training.lines_of(few) == urgency_training.lines_of(few)


def test_judging_is_quick() -> None:
    assert urgency.micros(OWN) <= SLOWEST_MICROS


def test_the_figures_are_rows_of_a_table() -> None:
    assert all(len(row) == 3 and all(row) for row in urgency.figures())

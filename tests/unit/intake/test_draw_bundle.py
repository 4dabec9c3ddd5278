"""A draw as a file: any one thing that is altered in it is found, what is missing from its population by the ledger."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.draws import app
from contracts.draws import DrawLine, digest_of, draw, seed_of
from contracts.messages.draws import SampleDrawn, SignedHead
from runtime.identity.seals import to_text
from services.intake.adapters.signing import Signer, export_lines, verified
from services.intake.domain.export import head_in
from services.intake.domain.ledger import Signed
from services.intake.workers.drawing.bundle import Bundle, NoBundle, faults, read, story_of, written
from services.intake.workers.drawing.draw_book import WaitingDraw
from services.intake.workers.drawing.worker import all_of, population_of
from tests.facts.draws import DRAW, draw_closed
from tests.facts.values import DAY
from tests.harness import MONDAY
from tests.unit.intake.test_drawing import LedgerStage, announced

ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DrawnLedger:
    """A drawn draw, its bundle and an export that it was made from."""

    bundle: Bundle
    export: bytes
    key: str


@pytest.fixture(scope="module")
async def drawn() -> DrawnLedger:
    stage = LedgerStage()
    stage.affair(announced())
    for nth in range(24):
        stage.matter(f"T{nth:02}", MONDAY + 2 * DAY, "URB.06" if nth % 2 else "WTR.01")
    stage.affair(draw_closed())
    await stage.sign()
    await stage.drawing.step()
    (sample,) = stage.samples()
    seed = seed_of(sample.nonce, sample.head.hash, "")
    stage.affair(SampleDrawn(**dict(sample), outside="", seed=seed))
    await stage.sign()
    story = story_of([each async for each in all_of(stage.ledger, "affairs")], DRAW)
    assert story is not None
    head = await stage.ledger.head(sample.head.number)
    assert head is not None
    waiting = WaitingDraw(story.key, story.announced, story.closing)
    lines = await population_of(stage.ledger, waiting, head.head)
    export = b"".join([line async for line in export_lines(stage.ledger, stage.signer)])
    return DrawnLedger(Bundle(story, head, tuple(lines)), export, stage.signer.public_key)


def test_a_bundle_is_read_as_it_was_written_and_fits(drawn: DrawnLedger) -> None:
    found = read(written(drawn.bundle))
    assert (found.story, found.head) == (drawn.bundle.story, drawn.bundle.head)
    assert sorted(found.lines) == sorted(drawn.bundle.lines)
    assert faults(found, verified, frozenset({drawn.key})) == []


ALTERED: Sequence[tuple[str, Callable[[dict[str, Any]], object]]] = (
    ("population", lambda plain: plain["population"].pop(3)),
    ("population", lambda plain: plain["population"].append("X99,431226/URB/green")),
    ("population", lambda plain: plain["population"].__setitem__(0, plain["population"][0] + "x")),
    ("nonce", lambda plain: plain["sample"].update(nonce="00" * 32)),
    ("head", lambda plain: plain["head"].update(previous="11" * 32)),
    ("head", lambda plain: plain["head"].update(number=plain["head"]["number"] + 1)),
    ("head", lambda plain: plain["head"]["chains"][0].__setitem__(2, 999)),
    ("head", lambda plain: plain["sample"]["head"].update(signature="00" * 64)),
    ("seed", lambda plain: plain["sample"].update(seed="00" * 32)),
    ("outside", lambda plain: plain["sample"].update(outside="03 11")),
    ("outside", lambda plain: plain["announced"].update(outside="双色球")),
    ("sample", lambda plain: plain["sample"]["strata"][0]["drawn"].reverse()),
    ("sample", lambda plain: plain["sample"]["strata"].pop()),
    ("sample", lambda plain: plain["announced"].update(permille=300)),
    ("announcement", lambda plain: plain.update(announced_at="2027-01-01T00:00:00+00:00")),
    ("nonce", lambda plain: plain["announced"].update(commitment="00" * 32)),
)


@pytest.mark.parametrize(("where", "alter"), ALTERED)
def test_whatever_is_altered_in_a_bundle_is_found(
    drawn: DrawnLedger, where: str, alter: Callable[[dict[str, Any]], object]
) -> None:
    plain = orjson.loads(written(drawn.bundle))
    alter(plain)
    assert where in {fault.where for fault in faults(read(orjson.dumps(plain)), verified, ANY)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_one_line_that_is_missing_doubled_or_another_is_found(drawn: DrawnLedger, data: st.DataObject) -> None:
    lines = list(drawn.bundle.lines)
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["missing", "doubled", "another"]))
    lines[at : at + 1] = {"missing": [], "doubled": [lines[at]] * 2, "another": [replace(lines[at], ticket="Z")]}[how]
    assert faults(replace(drawn.bundle, lines=tuple(lines)), verified, ANY) != []


def test_another_signer_s_head_is_found_where_keys_are_trusted(drawn: DrawnLedger) -> None:
    stranger = Signer(LedgerStage().ledger, to_text(secrets.token_bytes(32))).public_key
    assert [each.where for each in faults(drawn.bundle, verified, frozenset({stranger}))] == ["head"]


@pytest.mark.parametrize("file", [b"", b"[]", b"{}", b'{"bundle": 2}', b"not json"])
def test_what_is_no_bundle_is_said(file: bytes) -> None:
    with pytest.raises(NoBundle):
        read(file)


def verify(tmp_path: Path, bundle: bytes, export: bytes, *more: str) -> Any:
    files = {"bundle.json": bundle, "ledger.jsonl": export}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    wanted = ["verify", str(tmp_path / "bundle.json"), "--ledger", str(tmp_path / "ledger.jsonl"), *more]
    return CliRunner().invoke(app, wanted)


def test_the_command_shows_that_the_population_is_whole(drawn: DrawnLedger, tmp_path: Path) -> None:
    result = verify(tmp_path, written(drawn.bundle), drawn.export, "--key", drawn.key)
    assert result.exit_code == 0, result.output
    assert "24 matters, 18 drawn: drawn as it was announced, by the bundle and the ledger" in result.output


def drawn_anew(old: Bundle, lines: Sequence[DrawLine], head: Signed) -> Bundle:
    """As whoever holds the nonce could draw it from other lines, or by another head: by itself it fits."""
    named = SignedHead(number=head.head.number, hash=head.head.hash, key=head.key, signature=head.signature)
    seed = seed_of(old.story.sample.nonce, head.head.hash, "")
    strata = [{"name": each.name, "size": each.size, "drawn": each.drawn} for each in draw(lines, seed, 150, 95)]
    other = {"population": digest_of(lines), "strata": strata, "seed": seed, "head": named}
    sample = SampleDrawn.model_validate(dict(old.story.sample) | other)
    return Bundle(replace(old.story, sample=sample), head, tuple(lines))


def test_a_population_that_was_cut_before_the_draw_is_found_by_the_ledger(drawn: DrawnLedger, tmp_path: Path) -> None:
    """The tooth of ``--ledger``: the bundle alone fits."""
    cut = drawn_anew(drawn.bundle, drawn.bundle.lines[:-1], drawn.bundle.head)
    assert faults(cut, verified, ANY) == []
    result = verify(tmp_path, written(cut), drawn.export)
    assert result.exit_code == 1
    assert "population: is not what the ledger has" in result.output
    assert "ledger: says other things" in result.output


def test_a_later_head_that_somebody_liked_better_is_found_by_the_ledger(drawn: DrawnLedger, tmp_path: Path) -> None:
    heads = [head for line in drawn.export.splitlines(keepends=True) if (head := head_in(line)) is not None]
    later = drawn_anew(drawn.bundle, drawn.bundle.lines, heads[-1])
    assert faults(later, verified, ANY) == []
    result = verify(tmp_path, written(later), drawn.export)
    assert "ledger: has an earlier head that covers the closing" in result.output

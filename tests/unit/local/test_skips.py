"""A skip is never silent: where all is required it is a failure."""

import pytest

from tests.conftest import refuse_skip


def skipped(why: str) -> pytest.CollectReport:
    return pytest.CollectReport("tests/a.py", "skipped", ("tests/a.py", 1, f"Skipped: {why}"), [])


@pytest.mark.parametrize("why", ["promtool is not installed", "no mongod: the extra `local` is not installed"])
def test_what_can_be_installed_has_to_be_there(why: str) -> None:
    report = refuse_skip(skipped(why))
    assert report.outcome == "failed"
    assert why in str(report.longrepr)


@pytest.mark.parametrize("why", ["the real messages (../shared/data) are not here", "no shared data: not checked"])
def test_the_private_data_cannot_be_installed(why: str) -> None:
    assert refuse_skip(skipped(why)).outcome == "skipped"


def test_what_passed_has_passed() -> None:
    assert refuse_skip(pytest.CollectReport("tests/a.py", "passed", None, [])).outcome == "passed"

"""What every test may ask for; a skip is never silent."""

import os
import secrets
from collections.abc import AsyncIterator, Generator, Iterator

import pytest

from runtime.admin import delete_topics
from tests.stack import Stack
from tests.stack import stack as real_stack

REQUIRE_ALL = os.environ.get("DUBAN_REQUIRE_ALL") == "1"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The real Kafka and MongoDB."""
    with real_stack() as running:
        yield running


@pytest.fixture
async def namespace(stack: Stack) -> AsyncIterator[str]:
    """A namespace of its own for topics and databases; the topics go afterwards."""
    name = f"t{secrets.token_hex(4)}"
    yield name
    await delete_topics(stack.bus(name))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With DUBAN_REQUIRE_ALL=1 a test that could not run has failed."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"could not run, and DUBAN_REQUIRE_ALL=1: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Skips are named, with what is missing."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT RUN on this machine", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[-1] if report.longrepr else ''}")

"""What every test may ask for; a skip is never silent."""

import logging
import os
import re
import secrets
from collections.abc import AsyncIterator, Generator, Iterator
from typing import TypeVar

import hypothesis
import pytest
import structlog

from cli.down import forget_databases
from deploy.local.mongod import MongodMissing
from deploy.local.state import keep_to_share
from runtime.kafka.topics import delete_topics
from runtime.telemetry.logs import redact
from tests import durations
from tests.stack import Stack
from tests.stack import stack as real_stack

ReportT = TypeVar("ReportT", pytest.TestReport, pytest.CollectReport)
PRIVATE = re.compile(r"shared[ /]data")  # no machine can install it; named all the same at the end
REQUIRE_ALL = os.environ.get("DUBAN_REQUIRE_ALL") == "1"

# A busy machine is slow and no bug; where all must pass, a run is judged by the change and not by its dice.
hypothesis.settings.register_profile(
    "duban",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=REQUIRE_ALL,
    print_blob=True,
)
hypothesis.settings.load_profile("duban")

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def pytest_configure() -> None:
    """Workers side by side never give out the same port."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        keep_to_share(int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The real Kafka and MongoDB."""
    try:
        with real_stack() as running:
            yield running
    except (MongodMissing, ModuleNotFoundError) as why:
        pytest.skip(f"no real Kafka and MongoDB: {why}; or set KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI")


@pytest.fixture
async def namespace(stack: Stack) -> AsyncIterator[str]:
    """A namespace of its own for topics and databases; both go afterwards."""
    name = f"t{secrets.token_hex(4)}"
    yield name
    await delete_topics(stack.bus(name))
    forget_databases(stack.mongodb_uri, name)


@pytest.fixture
def logged_in_full() -> Iterator[None]:
    """Every line of the log goes to standard output as JSON, as in a running service."""
    before = structlog.get_config()
    structlog.configure(
        processors=[redact, structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    yield
    structlog.configure(**before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With DUBAN_REQUIRE_ALL=1 a test that could not run has failed."""
    report = yield
    return refuse_skip(report) if REQUIRE_ALL else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself while it is read."""
    report = yield
    return refuse_skip(report) if REQUIRE_ALL else report


def refuse_skip(report: ReportT) -> ReportT:
    """A skip becomes a failure. An expected failure stays what it is, and so does what needs the private data."""
    if report.skipped and not hasattr(report, "wasxfail") and not PRIVATE.search(str(report.longrepr)):
        report.outcome = "failed"
        report.longrepr = f"could not run, and DUBAN_REQUIRE_ALL=1: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How long each part took; skips are named, with what is missing."""
    terminalreporter.line(durations.line(terminalreporter.stats))
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section("NOT RUN on this machine", red=True)
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[-1] if report.longrepr else ''}")

"""A span is not the difference of two readings of the wall clock: the clock may be set between them.

Found in the syntax: a sum or difference with a reading of the wall clock in it, in the running system. What is meant
to be an instant (of a token's end, of another process's clock, of domain time) is listed here with its reason.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
RUNNING = ("runtime", "services", "cli", "simulation")
READERS = frozenset({"wall", "_wall", "system_wall", "utcnow"})
PASSING_ON = frozenset({"cast", "max", "min", "WallTime", "to_milliseconds"})
READS = re.compile(r"wall|WallTime|utcnow|\bnow\(|\btime\(")
MODULES = {"datetime": "now", "time": "time"}
INSTANTS = {
    "services/notify/api/subscriptions/routes.py:_looking": "which days are kept: what happened, and when, by the feed",
    "runtime/clock.py:Clock": "domain time is made of wall time: the map itself",
    "runtime/delivery/loop.py:Loop": "a figure: how old a message of another process was when it was handled",
    "runtime/http/requests.py:RequestDesk": "how old a request in the log is: whoever put it may be another process",
    "services/intake/workers/day_keys.py:DayKeyWorker": "days of the calendar",
    "services/intake/workers/day_keys.py:DayKeyDestroyer": "days of the calendar",
    "services/notify/api/replies.py:ReplyDesk": "until when a question stands open, for all processes",
    "services/notify/api/signatures.py:ProviderKeys": "how long ago a provider signed, by its clock",
    "services/notify/workers/attempts.py:EarlierAttempts": "how old an attempt of another process is when first seen",
    "services/notify/workers/look_ups.py:DeliveryLookUps": "attempts of earlier processes have wall time alone",
    "services/notify/api/channels.py:_registering": "until when a channel is valid, for all processes",
    "services/notify/api/channels.py:_wishing": "until when a channel is valid, for all processes",
    "services/notify/workers/expiry.py:looking": "until when a channel is valid, for all processes",
    "services/notify/workers/hook_senders.py:HookSenders": "a row is tried again by whichever process has it then",
    "services/portal/reading/live/rates.py:FollowedRates": "how old a rate of another process is when first seen",
    "services/portal/reading/live/snapshots.py:SnapshotTelling": "days of the calendar",
    "services/staff/api/signing_in.py:SignInDesk": "sessions, links, tokens and tries are of all processes",
    "services/staff/api/passwords.py:PasswordDesk": "until when a link leads somewhere, for all processes",
    "runtime/identity/assertions.py:_wrong_with": "from when until when another system says that it holds",
    "services/staff/domain/replacing.py:decide_proposal": "until when it may be confirmed, for all processes",
    "services/staff/domain/replacing.py:decide_confirmation": "until when it may be carried out, for all processes",
    "services/sla/api/publishing.py:add_publishing": "whether a proposal stands, for all processes",
    "services/sla/domain/proposals.py:StandardsProposal": "until when a proposal may be confirmed, for all processes",
    "services/sla/domain/proposals.py:decide_proposal": "until when a proposal may be confirmed, for all processes",
    "services/sla/domain/proposals.py:ran_out": "until when a proposal may be confirmed, for all processes",
    "services/staff/workers/token_keys.py:TokenKeyWorker": "days of the calendar",
    "cli/demo/offices.py:Tokens": "a token ends at an instant of wall time",
    "services/intake/workers/remains.py:OplogWatch": "an entry bears the instant at which a database's wall had it",
    "services/notify/workers/reconciliation.py:Reconciliation": "days of the calendar",
    "services/notify/workers/strangers.py:strangers_held": "the places are those of an hour of the wall",
}


def is_reading(node: ast.AST, tainted: frozenset[str]) -> bool:
    """Whether an expression is a reading of the wall clock, or is made of one alone."""
    if isinstance(node, ast.Name):
        return node.id in tainted
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) in tainted or is_reading(node.value, tainted)
    if isinstance(node, ast.NamedExpr):
        return is_reading(node.value, tainted)
    if isinstance(node, ast.Call):
        passed_on = node.args if ast.unparse(node.func) in PASSING_ON else ()
        return _is_reader(node.func) or any(is_reading(part, tainted) for part in (node.func, *passed_on))
    return False


def _is_reader(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in READERS
    if not isinstance(function, ast.Attribute):
        return False
    owner = ast.unparse(function.value).rpartition(".")[2]
    return function.attr in READERS or MODULES.get(owner) == function.attr


def tainted_in(scope: ast.AST) -> frozenset[str]:
    """The names and attributes that keep a reading, and parameters that are one by their name or type."""
    found: frozenset[str] = frozenset()
    while True:
        more = found | set(_assigned(scope, found))
        if more == found:
            return found
        found = more


def _assigned(scope: ast.AST, tainted: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and _is_given_a_reading(node):
            yield node.arg
        if isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value and is_reading(node.value, tainted):
            yield ast.unparse(node.target)
        if isinstance(node, ast.Assign):
            yield from _targets(node, tainted)


def _is_given_a_reading(parameter: ast.arg) -> bool:
    annotation = ast.unparse(parameter.annotation) if parameter.annotation else ""
    return annotation == "WallTime" or (parameter.arg == "wall" and "Callable" not in annotation)


def _targets(node: ast.Assign, tainted: frozenset[str]) -> Iterator[str]:
    for target in node.targets:
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=False))
        yield from (ast.unparse(name) for name, value in pairs if is_reading(value, tainted))


NOW = frozenset({"now"})


def reckoning(*sources: str) -> frozenset[str]:
    """The functions and methods, by name, that make a sum or a difference of their parameter ``now``."""
    return frozenset(
        each.name
        for source in sources
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and _takes_now(each)
        and _sums(each, NOW, frozenset())
    )


def _takes_now(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(each.arg in NOW for each in (*function.args.args, *function.args.kwonlyargs))


def spans(source: str, reckons: frozenset[str] | None = None) -> Iterator[tuple[str, int]]:
    """(Class or function, line) of each sum or difference with a reading in it, or of a call that makes one of it."""
    reckons = reckons or reckoning(source)
    for scope in ast.parse(source).body:
        if isinstance(scope, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            kept = frozenset(name for name in tainted_in(scope) if name.startswith("self."))
            for function in _functions(scope):
                yield from ((scope.name, line) for line in _sums(function, kept | tainted_in(function), reckons))


def _functions(scope: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = [
        each for each in ast.walk(scope) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    ]
    return found


def _sums(function: ast.AST, tainted: frozenset[str], reckons: frozenset[str]) -> set[int]:
    return {
        node.lineno
        for node in ast.walk(function)
        if (isinstance(node, ast.BinOp) and _is_sum(node, tainted))
        or (isinstance(node, ast.Call) and _is_reckoned(node, tainted, reckons))
    }


def _is_sum(node: ast.BinOp, tainted: frozenset[str]) -> bool:
    is_sum = isinstance(node.op, ast.Sub | ast.Add)
    return is_sum and (is_reading(node.left, tainted) or is_reading(node.right, tainted))


def _is_reckoned(call: ast.Call, tainted: frozenset[str], reckons: frozenset[str]) -> bool:
    """Whether a reading is handed to a function that reckons with its parameter ``now``."""
    name = ast.unparse(call.func).rpartition(".")[2]
    given = (*call.args, *(each.value for each in call.keywords))
    return name in reckons and any(is_reading(each, tainted) for each in given)


@cache
def found_in(*folders: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    texts = {path: path.read_text() for folder in folders for path in (PROJECT / folder).rglob("*.py")}
    reckons = reckoning(*texts.values())
    for path, text in texts.items():
        for scope, line in spans(text, reckons) if READS.search(text) else ():
            found.setdefault(f"{path.relative_to(PROJECT)}:{scope}", []).append(line)
    return found


def test_no_span_is_made_of_readings_of_the_wall_clock() -> None:
    assert {where: lines for where, lines in found_in(*RUNNING).items() if where not in INSTANTS} == {}


def test_whatever_is_excused_is_there() -> None:
    assert [where for where in INSTANTS if where not in found_in(*RUNNING)] == []


PLANTED = {
    "a rest": "class B:\n def f(self):\n  self._until = self._wall() + REST\n",
    "since a kept reading": (
        "class B:\n def __init__(self, clock):\n  self._began = clock.wall()\n"
        " def f(self, now):\n  return now - self._began\n"
    ),
    "two names": "def f(clock):\n now, wall = clock.now(), clock.wall()\n return wall - before\n",
    "seconds": "def f(clock):\n return clock.wall().timestamp() - beat\n",
    "a parameter": "def f(wall: WallTime):\n return wall - eldest\n",
    "a window": "class G:\n def f(self):\n  since = self._wall() - WITHIN\n",
    "the machine's clock": "def f():\n began = time.time()\n return time.time() - began\n",
    "a date": "def f():\n return datetime.now(UTC) - began\n",
    "handed on": (
        "class B:\n def lets(self, now):\n  return now - self.since > REST\n"
        "class C:\n def f(self):\n  return self.breaker.lets(self._clock.wall())\n"
    ),
    "a walrus": "def f(clock):\n if (at := clock.wall()) - before > x:\n  pass\n",
}


@pytest.mark.parametrize("source", PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_span_is_found(source: str) -> None:
    assert list(spans(source)) != []


SOUND = {
    "a stopwatch": "class B:\n def f(self):\n  return self._clock.stopwatch() - self._began\n",
    "domain time": "def f(clock):\n now = clock.now()\n return now - REST\n",
    "an instant that is stored": "def f(clock):\n return Message(time=clock.wall())\n",
    "another method's name": (
        "class B:\n def f(self):\n  now = self._clock.wall()\n  return now\n"
        " def g(self):\n  now = self._clock.stopwatch()\n  return now + REST\n"
    ),
    "a comparison": "def f(clock, ends):\n return clock.wall() < ends\n",
}


@pytest.mark.parametrize("source", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_left_alone(source: str) -> None:
    assert list(spans(source)) == []

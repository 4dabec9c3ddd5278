"""Free ports: each is given out once, and a row of them is looked at as a whole."""

import socket

import pytest

from deploy.local import state
from deploy.local.state import FREE_FROM, FREE_TO, free_port, keep_to_share, row_of_ports

LENGTH = 6


def test_no_port_is_given_out_twice() -> None:
    rows = [range(first, first + LENGTH) for first in (row_of_ports(LENGTH) for _ in range(40))]
    given = [port for row in rows for port in row] + [free_port() for _ in range(40)]
    assert len(given) == len(set(given))
    assert all(FREE_FROM <= port < FREE_TO for port in given)


def test_a_row_with_a_taken_port_in_it_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    first = row_of_ports(LENGTH + 1)
    monkeypatch.setattr(state, "_mine", range(first, first + LENGTH + 1))
    monkeypatch.setattr(state, "_given", set())
    with socket.create_server(("127.0.0.1", first + 2)):
        assert row_of_ports(3) == first + 3, "the others would hold the taken one"


def test_processes_side_by_side_never_give_out_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[set[int]] = []
    for share in range(3):
        monkeypatch.setattr(state, "_mine", state._mine)
        keep_to_share(share, 3)
        given.append({port for first in (row_of_ports(LENGTH) for _ in range(20)) for port in range(first, first + 6)})
    assert sum(map(len, given)) == len(set().union(*given))
    assert all(FREE_FROM <= port < FREE_TO for port in set().union(*given))

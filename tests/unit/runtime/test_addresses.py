"""Where a request comes from, through proxies of ours and others."""

import pytest

from runtime.http.addresses import nearest, networks
from runtime.process.settings import Settings, SettingsRefused, load

OURS = networks("10.0.0.0/8, 127.0.0.1, fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: what it says is worth nothing
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),  # the first was invented
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("fd00::1", "2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),  # one customer has all of it
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("testclient", "", "testclient"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_nearest_hop_that_is_no_proxy_of_ours(peer: str, forwarded: str, told: str) -> None:
    assert nearest(peer, forwarded, OURS) == told


def test_without_the_setting_no_proxy_is_believed() -> None:
    assert networks(load(Settings).trusted_proxies) == ()


def test_a_proxy_that_is_no_address_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TRUSTED_PROXIES", "10.0.0.0/8,ingress")
    with pytest.raises(SettingsRefused, match="DUBAN_TRUSTED_PROXIES"):
        load(Settings)

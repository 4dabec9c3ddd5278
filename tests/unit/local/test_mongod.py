"""What is said when mongod cannot run here."""

import pytest

from deploy.local.mongod import missing_packages

LOST = "mongod: error while loading shared libraries: {}: cannot open shared object file: No such file or directory"


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libcurl.so.4", "libcurl4"),
        ("libssl.so.3", "libssl3"),
        ("libcrypto.so.3", "libssl3"),
        ("libldap-2.5.so.0", "libldap-2.5-0"),
    ],
)
def test_a_missing_library_is_named_by_its_package(library: str, package: str) -> None:
    assert missing_packages(LOST.format(library)) == [package]


def test_another_failure_names_no_package() -> None:
    assert missing_packages("Illegal instruction") == []

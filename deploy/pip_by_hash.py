"""pip for an environment that was made without: Debian's and Ubuntu's Python comes without `ensurepip`.

Run by the Makefile with the environment's own Python, before anything is installed: nothing but the standard library.
"""

import hashlib
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

FILES = "https://files.pythonhosted.org/packages"
WHEEL = f"{FILES}/44/3c/d717024885424591d5376220b5e836c2d5293ce2011523c9de23ff7bf068/pip-25.3-py3-none-any.whl"
DIGEST = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"
PAUSES = (1.0, 4.0)  # seconds before the second and the third try
SILENT_AT_MOST = 30  # seconds


class NotFetched(Exception):
    """The wheel did not come, or another one came; nothing is installed."""


def fetched(url: str, digest: str) -> bytes:
    """The file, if it is the one that is meant. Raises NotFetched."""
    for pause in (*PAUSES, 0.0):
        try:
            with urllib.request.urlopen(url, timeout=SILENT_AT_MOST) as answer:  # noqa: S310 — our own constant
                body: bytes = answer.read()
        except OSError as error:
            why = str(error)
        else:
            if (found := hashlib.sha256(body).hexdigest()) == digest:
                return body
            why = f"SHA-256 is {found}, not {digest}"
        time.sleep(pause)
    raise NotFetched(f"{url}: {why}")


def main() -> None:
    """Install pip into the environment whose Python this is."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder, WHEEL.rpartition("/")[2])
        try:
            wheel.write_bytes(fetched(WHEEL, DIGEST))
        except NotFetched as why:
            sys.exit(str(why))
        command = [sys.executable, f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)]
        sys.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 — our own words


if __name__ == "__main__":
    main()

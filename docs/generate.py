"""Write the documents that come from code, or with --check say which are stale.

Run ``python docs/generate.py [--check]``; exit code 1 when a document is stale.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that the file runs by its path, too

from docs.generator import (  # noqa: E402
    asyncapi,
    dashboard,
    environment,
    faults,
    flow,
    lifecycle,
    messages,
    metrics,
    reading,
    requirements,
    settings,
)
from docs.generator.kubernetes import network, stores, workloads  # noqa: E402

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/messages.md": messages.page,
    "docs/lifecycle.md": lifecycle.page,
    "docs/flow.md": flow.page,
    "docs/metrics.md": metrics.page,
    "docs/settings.md": settings.page,
    "docs/requirements.md": requirements.page,
    "docs/reading.md": reading.page,
    "docs/faults.md": faults.page,
    "docs/asyncapi.yaml": asyncapi.page,
    ".env.example": environment.page,
    "deploy/grafana/dashboards/province.json": dashboard.page,
    "deploy/kubernetes/platform/settings.env": workloads.settings,
    "deploy/kubernetes/platform/prepare.yaml": workloads.prepare,
    "deploy/kubernetes/platform/apis.yaml": workloads.apis,
    "deploy/kubernetes/platform/loops.yaml": workloads.loops,
    "deploy/kubernetes/platform/ingress.yaml": workloads.ingress,
    "deploy/kubernetes/platform/network.yaml": network.page,
    "deploy/kubernetes/stores/stores.env": stores.settings,
    "deploy/kubernetes/stores/stores.yaml": stores.page,
    "deploy/kubernetes/stores/users.yaml": stores.users,
}


def stale(root: Path = ROOT, pages: Mapping[str, Callable[[], str]] = PAGES) -> list[str]:
    """The documents whose file differs from what the code says now."""
    return [name for name, page in pages.items() if not _same(root / name, page())]


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 if ``--check`` finds a stale document."""
    old = stale()
    if "--check" in arguments:
        for name in old:
            print(f"{name} is stale: run `make docs`")
        return 1 if old else 0
    for name in old:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

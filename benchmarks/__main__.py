"""``make bench``: prints ratios and writes ``benchmarks/results/latest.json``."""

import asyncio
import sys
from pathlib import Path

import orjson

from benchmarks import bench, door, end_to_end, skipping, timers
from runtime.telemetry import logs

ALL = {"skipping": skipping.measure, "door": door.measure, "end-to-end": end_to_end.measure, "timers": timers.measure}
RESULTS = Path(__file__).with_name("results") / "latest.json"


async def run(names: list[str]) -> list[bench.Result]:
    """The benchmarks of these names, one after the other."""
    with bench.ground() as ground:
        return [await ALL[name](ground) for name in names]


def main() -> None:
    """All, or those that are named."""
    names = sys.argv[1:] or list(ALL)
    if unknown := set(names) - set(ALL):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(ALL)}")
    logs.configure("WARNING", "console")
    results = asyncio.run(run(names))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(orjson.dumps([each.plain() for each in results], option=orjson.OPT_INDENT_2))
    print("\n".join(line for each in results for line in (each.line(), *each.where())))


if __name__ == "__main__":
    main()

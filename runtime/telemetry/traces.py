"""Where a bug is, without the text of the exception: that could hold people's words."""

import traceback


def trace_of(bug: BaseException) -> list[str]:
    """The last frames, innermost last: ``file:line function``."""
    frames = traceback.extract_tb(bug.__traceback__)[-12:]
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]


def code_of(bug: BaseException) -> str:
    """The kind of a bug and the line it came from: the reason of a dead letter."""
    frames = trace_of(bug)
    return f"bug {type(bug).__name__} {frames[-1].split(' ', 1)[0] if frames else 'nowhere'}"

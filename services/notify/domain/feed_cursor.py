"""A place in the public feed: the offset that comes next in each partition, and the epoch of the log. No state is kept.

The lowest offset, and by how much the others are above it in as few bits as they need: 64 partitions fit into 300
characters while they lie less than 2^25 apart. A checksum tells a cursor that was cut or changed from an old one.
"""

import re
import struct
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

HEAD = struct.Struct(">BIQB")  # form, epoch, lowest offset, bits of a difference
SUM = struct.Struct(">I")
FORM = 1
SPELT = re.compile(r"[A-Za-z0-9_-]+")
LONGEST = 300  # characters
FURTHEST = 25  # bits of a difference
HIGHEST = 2**53  # of an offset: what every reader of JSON holds exactly


class FeedCursorMalformed(ValueError):
    """No cursor of ours, whole: take the one of the last answer as it was."""

    code = "cursor_malformed"
    zh = "游标不完整或有改动。请原样使用上次答复中的游标。"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}: take the cursor of the last answer as it was")


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """``offsets``: of each partition in turn the one to read next."""

    epoch: int
    offsets: tuple[int, ...]

    def text(self) -> str:
        """base64url, at most 300 characters. Raises OverflowError where partitions lie too far apart."""
        lowest = min(self.offsets)
        width = (max(self.offsets) - lowest).bit_length()
        if width > FURTHEST:
            raise OverflowError(f"partitions lie 2^{width} apart")
        packed = 0
        for offset in self.offsets:
            packed = packed << width | offset - lowest
        content = HEAD.pack(FORM, self.epoch, lowest, width) + packed.to_bytes(_bytes(len(self.offsets), width), "big")
        return urlsafe_b64encode(content + SUM.pack(zlib.crc32(content))).rstrip(b"=").decode()


def parse_cursor(text: str, partitions: int) -> FeedCursor:
    """The cursor that ``text`` is. Raises FeedCursorMalformed."""
    if len(text) > LONGEST:
        raise FeedCursorMalformed("the cursor is too long")
    content = _decoded(text)
    form, epoch, lowest, width = HEAD.unpack_from(content)
    if form != FORM or width > FURTHEST or len(content) != HEAD.size + _bytes(partitions, width):
        raise FeedCursorMalformed("the cursor is of another form")
    if lowest > HIGHEST:
        raise FeedCursorMalformed("an offset of the cursor is negative or impossible")
    packed, mask = int.from_bytes(content[HEAD.size :], "big"), (1 << width) - 1
    offsets = tuple(lowest + (packed >> width * nth & mask) for nth in reversed(range(partitions)))
    return FeedCursor(epoch, offsets)


def _decoded(text: str) -> bytes:
    if not SPELT.fullmatch(text) or len(text) % 4 == 1:
        raise FeedCursorMalformed("the cursor is no base64url")
    whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    content, said = whole[: -SUM.size], whole[-SUM.size :]
    if len(content) < HEAD.size or SUM.pack(zlib.crc32(content)) != said:
        raise FeedCursorMalformed("the cursor was cut or changed")
    return content


def _bytes(count: int, width: int) -> int:
    return (count * width + 7) // 8

"""What is wrong with a table, with its row, its column and a remedy."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row of the file, and what to do. ``column`` "": the row, or the file."""

    line: int
    column: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"row {self.line}{f', {self.column}' if self.column else ''}: {self.zh} {self.en}"


class Unreadable(Exception):
    """Nothing of the file can be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.fault = RowFault(1, "", zh, en)


def too_many_rows(at_most: int) -> Unreadable:
    """A table that is longer than anybody reads."""
    return Unreadable(f"最多{at_most}行，请拆分。", f"More than {at_most} rows: split the file.")

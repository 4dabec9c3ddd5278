"""``python -m cli.likely_names FOLDER``: makes the table by which names in running words are told from other words.

FOLDER holds two source packages, read where they lie and not installed: ``ngender`` counts characters of given names,
``jieba`` words of everyday text and names of people. A weight is how much likelier a character is in a name than in
text, in powers of two.
"""

import csv
import io
import re
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import inf, log2
from pathlib import Path

from services.portal.reading.ticket.masking import lexicon

TABLE = Path(__file__).parents[1] / "services/portal/reading/ticket/masking/likely_names.toml"
COUNTS = "ngender-0.1.1/ngender/charfreq.csv"
WORDS = "jieba-0.42.1/jieba/dict.txt"
OF_A_NAME = "nr"
SELDOM, LIGHTEST, OFTEN = 200, -3, 3
"""Characters counted less often, or lighter, are not in the table; words seen less often neither."""
OFTEN_FOR_A_NAME, A_NAME = 50, 11.0
"""Two characters that ``jieba`` takes for a name and sees so often are a word, if they weigh less: 荣誉."""
NAMELIKE = {2: 2.0, 3: 4.0}
"""A word of so many characters is in the table if as a name it weighs so much."""
GIVEN_WORDS_OFTEN, GIVEN_WORDS_WEIGH = 300, -2.0
Weights = Mapping[str, float]


def texts(folder: Path) -> tuple[str, str]:
    """The counts and the words, of the packages in ``folder``."""
    return _file(folder, COUNTS), _file(folder, WORDS)


def _file(folder: Path, name: str) -> str:
    with tarfile.open(folder / f"{name.partition('/')[0]}.tar.gz") as package:
        file = package.extractfile(name)
        assert file is not None, f"{name} is a file of the package"
        return file.read().decode("utf-8")


def table(counts: str, words: str) -> str:
    """The table as TOML: characters by weight, and the words that look like names."""
    rows = [(word, int(often), kind) for word, often, kind in (line.split() for line in words.splitlines())]
    plain = Counter[str]()
    for word, often, kind in rows:
        plain.update(dict.fromkeys(word, 0 if kind == OF_A_NAME else often))
    given = _given(counts)
    surnames = Counter(word[0] for word, _, kind in rows if kind == OF_A_NAME and len(word) == 3)
    leading = _weights({each: surnames[each] + 1 for each in lexicon.SURNAMES}, plain)
    following = {
        each: weight for each, weight in _weights(given, plain).items() if weight >= LIGHTEST and given[each] >= SELDOM
    }
    mistaken = {
        word
        for word, often, _ in rows
        if len(word) == 2 and often >= OFTEN_FOR_A_NAME and _weight(word, leading, following) < A_NAME
    }
    ordinary = [(word, often) for word, often, kind in rows if not kind.startswith(OF_A_NAME) or word in mistaken]
    return "\n".join(_lines(leading, following, ordinary))


def _given(counts: str) -> dict[str, int]:
    rows = csv.DictReader(io.StringIO(counts))
    return {row["char"]: int(row["male"]) + int(row["female"]) for row in rows if len(row["char"]) == 1}


def _weights(named: Mapping[str, int], plain: Mapping[str, int]) -> dict[str, float]:
    names, text = sum(named.values()), sum(plain.values())
    return {each: log2((often + 5) / names) - log2((plain.get(each, 0) + 50) / text) for each, often in named.items()}


def _lines(leading: Weights, following: Weights, ordinary: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield "# Made by `make likely-names`; what from and under which licences: README.md beside it."
    for name, weights in (("surnames", leading), ("given", following)):
        yield f"[{name}]"
        by_weight = defaultdict[int, list[str]](list)
        for each, weight in weights.items():
            by_weight[round(weight)].append(each)
        yield from (f'{weight} = "{"".join(sorted(by_weight[weight]))}"' for weight in sorted(by_weight, reverse=True))
    words = sorted(ordinary)
    whole = (word for word, often in words if often >= OFTEN and _is_namelike(word, leading, following))
    yield "[words]"
    yield f'whole = """\n{_folded(whole)}"""'
    yield f'given = """\n{_folded(word for word, often in words if _is_given_word(word, often, following))}"""'
    yield ""


def _is_namelike(word: str, leading: Weights, following: Weights) -> bool:
    return len(word) in NAMELIKE and _weight(word, leading, following) >= NAMELIKE[len(word)]


def _weight(word: str, leading: Weights, following: Weights) -> float:
    """What the word weighs as a name of one surname."""
    if word[0] not in leading or any(each not in following for each in word[1:]):
        return -inf
    return leading[word[0]] + sum(following[each] for each in word[1:])


def _is_given_word(word: str, often: int, following: Weights) -> bool:
    if len(word) != 2 or often < GIVEN_WORDS_OFTEN or any(each not in following for each in word):
        return False
    return sum(following[each] for each in word) >= GIVEN_WORDS_WEIGH


def _folded(words: Iterable[str]) -> str:
    return re.sub(r"(.{1,110})(?: |$)", r"\1\n", " ".join(words))


if __name__ == "__main__":
    TABLE.write_text(table(*texts(Path(sys.argv[1]))), "utf-8")

"""The table of likely names: what weighs much in names and little in text, and which words look like names."""

import tomllib

from cli import likely_names
from cli.likely_names import table

COUNTS = "char,male,female\n伟,9000,1000\n国,6000,500\n的,3,4\n芳,100,9000\n"
WORDS = """王伟芳 5 nr
李国伟 4 nr
的 90000 uj
国家 8000 n
我们 9000 r
王国 400 n
国芳 500 n
张伟 2 n
和国 80 nr
"""


def test_a_weight_says_how_much_likelier_a_character_is_in_a_name_than_in_text() -> None:
    made = tomllib.loads(table(COUNTS, WORDS))
    weights = {each: int(weight) for weight, characters in made["given"].items() for each in characters}
    assert weights["伟"] > 3 > weights["国"]
    assert "的" not in weights


def test_words_that_look_like_names_are_kept_if_they_are_seen_often() -> None:
    made = tomllib.loads(table(COUNTS, WORDS))
    assert "王国" in made["words"]["whole"].split()
    assert "和国" in made["words"]["whole"].split()
    assert not {"国家", "我们", "张伟"} & {*made["words"]["whole"].split()}
    assert made["words"]["given"].split() == ["国芳"]


def test_the_table_is_where_it_is_read() -> None:
    assert likely_names.TABLE.read_text("utf-8").startswith("# Made by `make likely-names`")

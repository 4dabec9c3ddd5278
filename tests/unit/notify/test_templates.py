"""Templates: allowed variables only, in two languages, short enough, a county's own over the common ones (D4)."""

from string import Template

import pytest

from services.notify.adapters.templates import (
    LANGUAGES,
    LENGTHS,
    SMS_LENGTH,
    SMS_PART,
    VARIABLES,
    TemplateRefused,
    Templates,
    packaged,
)

SMS_PART_BYTES = 140 - 6  # of a long message: a header of six is in each part (GSM 03.40)
PLAIN = Template('version = "1"\n[subject]\nzh = "督办"\nen = "Matter"\n[registered]\nzh = "$zh"\nen = "hello"\n$more')


def written(zh: str = "你好", more: str = "", counties: dict[str, str] | None = None) -> Templates:
    return Templates(PLAIN.substitute(zh=zh, more=more), counties)


@pytest.mark.parametrize(
    ("zh", "more", "says"),
    [
        ("{{ phone }}", "", "phone not allowed"),
        ("{{ number.__class__ }}{{ name }}", "", "name not allowed"),
        ("{{ number", "", "registered/zh: "),
        ("字" * (SMS_LENGTH + 1), "", f"an SMS holds {SMS_LENGTH}"),
        ("{{ reason_zh }}{{ reason_en }}", "", f"an SMS holds {SMS_LENGTH}"),
        ("好", '[assigned]\nzh = "好"', "assigned: one text in each of zh, en"),
        ("好", '[registered.fax]\nzh = "好"\nen = "good"', "registered/fax: channels are sms, email"),
        ("好", '[registered.email]\nzh = "好"', "registered/email: one text in each"),
    ],
)
def test_a_bad_template_refuses_to_start_and_is_named(zh: str, more: str, says: str) -> None:
    with pytest.raises(TemplateRefused) as refused:
        written(zh, more)
    assert says in str(refused.value)


def test_a_template_reaches_nothing_but_its_variables() -> None:
    with pytest.raises(Exception, match="unsafe"):
        written("{{ number.__class__.__mro__ }}")


@pytest.mark.parametrize("name", packaged().names())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_message_fits_an_sms(name: str, language: str) -> None:
    text = packaged().render(name, language, dict.fromkeys(VARIABLES, "国" * 1000))
    length = LENGTHS.get(name, SMS_LENGTH)
    assert 0 < len(text) <= length
    assert len(text.encode("utf-16-be")) <= length // SMS_PART * SMS_PART_BYTES


def test_an_email_says_more_than_an_sms() -> None:
    values = {"number": "N", "code": "C"}
    short, long = (packaged().render("registered", "zh", values, each) for each in ("sms", "email"))
    assert "N" in short
    assert "C" in short
    assert len(long) > len(short)
    assert packaged().subject("en", values) == "Matter N"


def test_a_county_has_its_own_words() -> None:
    templates = written(counties={"431226": '[registered]\nzh = "麻阳"\nen = "Mayang"'})
    assert templates.render("registered", "zh", {}, county="431226") == "麻阳"
    assert templates.render("registered", "zh", {}, county="431225") == "你好"
    with pytest.raises(TemplateRefused, match="431226/other: there is no such kind"):
        written(counties={"431226": '[other]\nzh = "甲"\nen = "a"'})


def test_a_missing_value_loses_no_message() -> None:
    assert written("登记号 {{ number }}").render("registered", "fr", {"stranger": "x"}) == "登记号 —"

"""Values that people type: each is read into the one thing it must be, or refused with the form that would do."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from stdnum.iso7064 import mod_11_2

from runtime.keys import bare_key
from runtime.values import emails, id_numbers, phones
from runtime.values.fields import Instant, writable
from runtime.values.typed import ValueRefused

BARE = "43122619900101006"
OWN = BARE + str(mod_11_2.calc_check_digit(BARE))


@pytest.mark.parametrize(
    ("typed", "read", "kind"),
    [
        ("13912345678", "13912345678", "mobile"),
        ("１３９１２３４５６７８", "13912345678", "mobile"),
        ("139\u00a01234\u00a05678", "13912345678", "mobile"),
        ("139-1234-5678", "13912345678", "mobile"),
        ("139—1234—5678", "13912345678", "mobile"),
        ("139.1234.5678", "13912345678", "mobile"),
        ("139\u200b12345678", "13912345678", "mobile"),
        ("+86 139 1234 5678", "13912345678", "mobile"),
        ("0086-139-1234-5678", "13912345678", "mobile"),
        ("8613912345678", "13912345678", "mobile"),
        ("013912345678", "13912345678", "mobile"),
        ("17412345678", "17412345678", "mobile"),
        ("(0745)5822345", "0745-5822345", "fixed"),
        ("（0745）5822345", "0745-5822345", "fixed"),
        ("07455822345", "0745-5822345", "fixed"),
        ("010-62345678", "010-62345678", "fixed"),
        ("+86 745 5822345", "0745-5822345", "fixed"),
        ("0745-5822345转803", "0745-5822345转803", "fixed"),
        ("0745-5822345-803", "0745-5822345转803", "fixed"),
        ("0745-5822345 分机：803", "0745-5822345转803", "fixed"),
        ("0745 5822345 ext. 803", "0745-5822345转803", "fixed"),
        ("400-812-3456", "4008123456", "service"),
        ("8008123456转1", "8008123456转1", "service"),
        ("+852 9123 4567", "+85291234567", "mobile"),
        ("00852 9123 4567", "+85291234567", "mobile"),
    ],
)
def test_a_phone_is_read_however_it_is_spelt(typed: str, read: str, kind: str) -> None:
    phone = phones.read(typed)
    assert (str(phone), phone.kind) == (read, kind)
    assert str(phones.read(str(phone))) == str(phone)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "0086", "86", "+86 ", "0"]))
def test_every_mobile_number_is_read_whatever_stands_before_it(number: str, before: str) -> None:
    assert phones.read(before + number) == phones.Phone(number, "mobile")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("00000", "phone_form"),
        ("1-----", "phone_form"),
        ("call me", "phone_form"),
        ("", "phone_form"),
        ("13912345678 13812345678", "phone_length"),
        ("13912345678/13812345678", "phone_length"),
        ("010-12345678", "phone_form"),
        ("٠٧٤٥5822345", "phone_form"),
        ("139123456789", "phone_length"),
        ("1391234567", "phone_length"),
        ("5822345", "phone_area_code"),
        ("12345", "phone_short"),
        ("110", "phone_short"),
        ("95588", "phone_short"),
        ("13912345678转2", "phone_form"),
        ("+852 1234", "phone_abroad"),
    ],
)
def test_what_reaches_nobody_is_refused_with_the_form_that_would_do(typed: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        phones.read(typed)
    assert refused.value.code == code
    assert "13912345678" in refused.value.zh
    assert refused.value.en.isascii()


@pytest.mark.parametrize(
    ("stored", "number"),
    [
        ("+86 139 1234 5678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("+85291234567", "+85291234567"),
        ("0745-5822345", ""),
        ("4008123456", ""),
        ("what nobody can read", "what nobody can read"),
    ],
)
def test_a_gateway_gets_a_bare_mobile_number_or_nothing(stored: str, number: str) -> None:
    assert phones.sms_number(stored) == number


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("zhang@example.cn", "zhang@example.cn"),
        (" Zhang.San@Example.CN ", "Zhang.San@example.cn"),
        ("ａ＠example．cn", "a@example.cn"),
        ("a@例子.中国", "a@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_is_one_addr_spec(typed: str, address: str) -> None:
    assert emails.read(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "a,b@example.cn",
        "a;b@example.cn",
        "a，b@example.cn",
        "a@example.cn,b@example.cn",
        "boss<other@example.cn>",
        "<a@example.cn>",
        "a b@example.cn",
        "a@b@example.cn",
        "a@example.cn\nBcc: b@example.cn",
        "a@[127.0.0.1]",
        "a..b@example.cn",
        "张@example.cn",
        "(boss)a@example.cn",
        '"a b"@example.cn',
        "a@localhost",
        "x" * 65 + "@example.cn",
        "x@" + "y" * 300 + ".cn",
    ],
)
def test_whatever_could_go_to_another_mailbox_is_no_address(typed: str) -> None:
    with pytest.raises(ValueRefused, match="email_form"):
        emails.read(typed)


def test_an_identity_number_is_read_in_any_width_and_case() -> None:
    wide = "".join(chr(ord(each) + 0xFEE0) for each in OWN.lower())
    assert id_numbers.read(wide) == id_numbers.read(f" {OWN[:6]} {OWN[6:14]} {OWN[14:]} ") == OWN
    assert id_numbers.born(OWN).isoformat() == "1990-01-01"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (OWN[:-1], "id_form"),
        ("431226900101006", "id_form"),
        ("E12345678", "id_form"),
        ("43122619900230006X", "id_date"),
        ("43122617000101006X", "id_date"),
        (OWN[:5] + str((int(OWN[5]) + 1) % 10) + OWN[6:], "id_check_digit"),
    ],
)
def test_an_identity_number_is_judged_by_its_date_and_its_check_digit(typed: str, code: str) -> None:
    with pytest.raises(ValueRefused, match=code):
        id_numbers.read(typed)


@given(st.integers(110000, 829999), st.dates(), st.integers(0, 999))
def test_no_place_makes_an_identity_number_wrong(place: int, born: object, nth: int) -> None:
    bare = f"{place}{str(born).replace('-', '')}{nth:03d}"
    if str(born) < "1880":
        return
    number = bare + str(mod_11_2.calc_check_digit(bare))
    assert id_numbers.read(number) == number


@given(st.text(max_size=40), st.sampled_from([phones.read, emails.read, id_numbers.read]))
def test_anything_is_read_or_refused_in_words(typed: str, read: Callable[[str], object]) -> None:
    once, why = _outcome(read, typed)
    assert _outcome(read, once)[0] == once if why is None else why.zh and why.en.isascii()


def _outcome(read: Callable[[str], object], typed: str) -> tuple[str, ValueRefused | None]:
    try:
        return str(read(typed)), None
    except ValueRefused as why:
        return "", why


@pytest.mark.parametrize(
    "typed",
    ["+1760000000", "1760000000", "20261010", "2026-10-10", "1.5", "2026-10-10T09:00:00", "2026-W41-6", "", "now"],
)
def test_an_instant_is_written_out_with_its_zone(typed: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Instant).validate_python(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一行\v二行\f三行", "一行\n二行\n三行"),
        ("a\ufffeb\uffffc\x01d\x1fe", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("tab\tCR\r\nLF\n\x85", "tab\tCR\r\nLF\n\x85"),
    ],
)
def test_what_cannot_stand_in_xml_is_replaced_at_the_door(typed: str, kept: str) -> None:
    assert writable(typed) == kept


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ('"k-1"', "k-1"),
        ("k-1", "k-1"),
        ("7F9C2BA4-E88F-4D3E-A1B0-000000000001", "7f9c2ba4-e88f-4d3e-a1b0-000000000001"),
        ('"7F9C2BA4-E88F-4D3E-A1B0-000000000001"', "7f9c2ba4-e88f-4d3e-a1b0-000000000001"),
        ("Order-A", "Order-A"),
        ('"half', '"half'),
        ('""', '""'),
    ],
)
def test_a_key_is_the_same_in_quotes_and_a_uuid_in_any_case(typed: str, key: str) -> None:
    assert bare_key(typed) == key

"""E-mail addresses: exactly one addr-spec (RFC 5322, section 3.4.1) that every mail server takes."""

from email_validator import EmailNotValidError, validate_email

from runtime.values.typed import ValueRefused, plain

LONGEST = 254  # characters of a path (RFC 5321, section 4.5.3.1.3)


def read(typed: str) -> str:
    """The address in a field, its domain in lower case and as mail servers write it. Raises ValueRefused."""
    address = plain(typed)
    try:
        if len(address) > LONGEST:
            raise EmailNotValidError
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        zh = "邮箱须是一个完整地址，不带姓名、逗号、分号或尖括号，如 zhang@example.cn。"
        en = "Give one address without a name, comma, semicolon or angle bracket, as zhang@example.cn."
        raise ValueRefused("email_form", zh, en) from None
    return str(found.ascii_email)

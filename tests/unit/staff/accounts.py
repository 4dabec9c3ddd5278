"""Who appoints in the tests: two configurers of the county, one of the province, one of another county."""

from services.staff.domain import appointing
from services.staff.domain.account import Account
from services.staff.domain.appointing import Appointer, Wanted
from tests.facts.values import COUNTY, UNIT
from tests.harness import MONDAY

LI = Appointer("li.wei", "configurer", COUNTY)
WANG = Appointer("wang.fang", "configurer", COUNTY)
PROVINCE = Appointer("zhao.min", "configurer", "43")
ELSEWHERE = Appointer("sun.li", "configurer", "431225")
INSTALLATION = Appointer("installation", "configurer", "43")
NAME = "chen.jing"


def wanted(**changed: object) -> Wanted:
    """To be of the made-up unit, from the confirmation on, until somebody ends it."""
    given = {"role": "unit", "unit": UNIT, "division": COUNTY, "since": None, "until": None}
    return Wanted(**(given | changed))  # type: ignore[arg-type]


def proposed(**changed: object) -> Account:
    account = appointing.decide_proposal(Account(), NAME, wanted(**changed), LI, MONDAY)
    assert isinstance(account, Account)
    return account


def appointed(**changed: object) -> Account:
    account = appointing.decide_confirmation(proposed(**changed), NAME, 1, WANG, MONDAY)
    assert isinstance(account, Account)
    return account

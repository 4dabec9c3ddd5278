"""What sla publishes of colours, and what it says of measures."""

from contracts.messages import schemes
from contracts.messages.schemes import SchemePoint, TimedMeasure
from tests.facts.values import COUNTY, DAY, UNIT, made
from tests.harness import MONDAY


def scheme_published(**changed: object) -> schemes.SchemePublished:
    """The county's, for measures: yellow from the start, orange with ten days left."""
    given = {"division": COUNTY, "version": 1, "valid_from": MONDAY, "applies_to": "measure", "begins": "yellow"}
    return made(schemes.SchemePublished, changed, **given, orange=SchemePoint(days_left=10))


def measures_timed(**changed: object) -> schemes.MeasuresTimed:
    """Two measures, the second without an orange."""
    first = TimedMeasure(index=1, yellow=MONDAY, orange=MONDAY + 10 * DAY, red=MONDAY + 20 * DAY)
    second = TimedMeasure(index=2, yellow=MONDAY + 5 * DAY, red=MONDAY + 30 * DAY)
    return made(schemes.MeasuresTimed, changed, plan=1, unit=UNIT, items=(first, second))


def measure_light_changed(**changed: object) -> schemes.MeasureLightChanged:
    return made(schemes.MeasureLightChanged, changed, plan=1, unit=UNIT, indices=(1, 2), new="orange")

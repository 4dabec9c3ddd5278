"""What is said and asked of the plan of a class."""

from contracts.messages import class_plans
from contracts.values import ClassMeasure
from tests.facts.values import CATEGORY, COUNTY, LEAD, UNIT, made
from tests.harness import MONDAY

CLASS_PLAN = f"plan/{UNIT}/{CATEGORY}"
MEASURES = (
    ClassMeasure(text="现场核实", post="路灯所值班员", days=1),
    ClassMeasure(text="更换灯具并送电", post="路灯所检修班", days=3),
)
OF_CLASS = {"unit": UNIT, "category": CATEGORY, "version": 1}


def class_plan_proposed(**changed: object) -> class_plans.ClassPlanProposed:
    more = {"division": COUNTY, "measures": MEASURES, "reviewer": LEAD}
    return made(class_plans.ClassPlanProposed, changed, **OF_CLASS, **more)


def class_plan_approved(**changed: object) -> class_plans.ClassPlanApproved:
    return made(class_plans.ClassPlanApproved, changed, **OF_CLASS, measures=MEASURES)


def class_plan_rejected(**changed: object) -> class_plans.ClassPlanRejected:
    return made(class_plans.ClassPlanRejected, changed, **OF_CLASS, grounds=("measures_vague",), redrafts=1)


def class_plan_published(**changed: object) -> class_plans.ClassPlanPublished:
    return made(class_plans.ClassPlanPublished, changed, **OF_CLASS, measures=MEASURES, valid_from=MONDAY)


def propose_class_plan(**changed: object) -> class_plans.ProposeClassPlan:
    return made(class_plans.ProposeClassPlan, changed, unit=UNIT, category=CATEGORY, measures=MEASURES)


def review_class_plan(**changed: object) -> class_plans.ReviewClassPlan:
    return made(class_plans.ReviewClassPlan, changed, version=1, approved=True)

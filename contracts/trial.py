"""A text that staff give to have it read (``POST /v1/readings`` of several services); it is neither kept nor logged."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from runtime import reading_form


def _read(sent: Any) -> Any:
    return reading_form.fold(sent) if isinstance(sent, str) else sent


Code = BeforeValidator(_read)  # ４３１２２６ is 431226
Line = Annotated[str, Field(max_length=200)]
GIVEN_AT_MOST = 50  # things that reporters gave of themselves


class TrialText(BaseModel):
    """What a reporter might send, by the fields of a submission. All services take the same body and use their part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content: Annotated[str, Field(min_length=1, max_length=20_000)]
    title: Line = ""
    place: Line = ""
    category: Line = ""
    division: Annotated[str, Code, Field(pattern=r"^[0-9]{0,12}$")] = ""
    door: Annotated[str, Code, Field(pattern=r"^([0-9]{6})?$", description="County of the door it came in by")] = ""
    contact: Annotated[bool, Field(description="Whether the reporter left a contact")] = True
    given: Annotated[
        tuple[Line, ...],
        Field(max_length=GIVEN_AT_MOST, description="Name, telephone and the like that the reporter gave"),
    ] = ()

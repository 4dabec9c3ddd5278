"""The words on which screening rests, for whoever asks why."""

from collections.abc import Mapping

from runtime import quotes, reading_form
from runtime.quotes import Quote
from services.intake.domain.scope import OUTSIDE
from services.intake.domain.screening import REFERENCE

OUT_OF_SCOPE, REFERENCES = "out_of_scope", "has_reference"


def screening_evidence(fields: Mapping[str, str], out_of_scope: str) -> Mapping[str, tuple[Quote, ...]]:
    """What was seen → the first place in each field where it stands. ``out_of_scope``: the rule that was found."""
    patterns = {REFERENCES: REFERENCE} | ({OUT_OF_SCOPE: OUTSIDE[out_of_scope].said} if out_of_scope else {})
    forms = {name: reading_form.traced(text) for name, text in fields.items()}
    return {
        what: tuple(
            quotes.quote(name, form, *found.span())
            for name, form in forms.items()
            if (found := pattern.search(form.text))
        )
        for what, pattern in patterns.items()
    }

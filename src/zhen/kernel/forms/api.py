"""What other modules may import of forms."""

from zhen.kernel.forms.declarations import FORMS, FormSchema
from zhen.kernel.forms.displaying import display
from zhen.kernel.forms.rendering import SchemaForm, django_form
from zhen.kernel.forms.schema import Property, Schema, choices_of, choosing, problems_of, properties_of
from zhen.kernel.forms.texts import from_texts
from zhen.kernel.forms.validating import Faulty, validate

__all__ = [
    "FORMS",
    "Faulty",
    "FormSchema",
    "Property",
    "Schema",
    "SchemaForm",
    "choices_of",
    "choosing",
    "display",
    "django_form",
    "from_texts",
    "problems_of",
    "properties_of",
    "validate",
]

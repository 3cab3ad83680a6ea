"""What other modules may import of forms."""

from zhen.kernel.forms.declarations import FORMS, FormSchema
from zhen.kernel.forms.displaying import display
from zhen.kernel.forms.rendering import SchemaForm, django_form
from zhen.kernel.forms.schema import Schema, problems_of
from zhen.kernel.forms.validating import Faulty, validate

__all__ = [
    "FORMS",
    "Faulty",
    "FormSchema",
    "Schema",
    "SchemaForm",
    "display",
    "django_form",
    "problems_of",
    "validate",
]

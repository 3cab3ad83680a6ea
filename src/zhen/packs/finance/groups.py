"""The parts of the menu: the money of a town has too many pages for one list."""

from django.utils.translation import gettext_lazy as _

BOOKS = _("Books and vouchers")
PROCUREMENT = _("Government procurement")
ASSETS = _("Assets")
PERFORMANCE = _("Performance of spending")
CONTROL = _("Control and audit")

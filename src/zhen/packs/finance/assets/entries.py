"""The entry of assets that the table of the pack does not have: a work is finished and becomes a fixed asset."""

from django.utils.translation import gettext_lazy as _

from zhen.packs.finance.entries import Row

TEMPLATES = tuple(
    Row("4w", "asset_finished", _("work finished: from construction to fixed assets"), "Dr 1601 Cr 1613").templates()
)

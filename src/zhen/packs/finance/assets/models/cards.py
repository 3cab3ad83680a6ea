"""The card of an asset, its photos, and what the months write off."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Rule
from zhen.kernel.files.api import File
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.ledger.api import Book, Voucher
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import Basis, Forever, NotPersonal, Privacy
from zhen.kernel.places.api import Place
from zhen.packs.finance.assets.models.classes import AssetClass
from zhen.packs.finance.assets.rules import FIXED, UNDER_CONSTRUCTION, Life, State
from zhen.packs.finance.models.common import two_people
from zhen.packs.finance.models.payments import Payment

LAW = _("《行政事业性国有资产管理条例》, articles 10 and 24: who keeps an asset, and who recorded it")


def kept(*people: str, internal: tuple[str, ...]) -> Privacy:
    """A paper that says who keeps an asset of the town, and who signed for it."""
    return Privacy(
        purpose=_("Knowing who keeps an asset of the town, and who signed for it"),
        basis=Basis.STATUTORY_DUTY,
        law=LAW,
        retention=Forever(source=_("Archives Law, article 13: records of the work of state organs")),
        accounts=tuple(f"{one}_id" for one in people),
        listed=False,
        internal=internal,
        personal=people,
    )


class Asset(models.Model):
    """An asset of the town, on its card.

    `books` is the unit whose books it stands in, `unit` the one that uses it. `value` is what was booked: from a
    `payment`, or in the `opening` balance of the first books that were kept here. Of it `worn_before` was written off
    before; the rest goes over `months` months from `wear_from` on, and `worn` is what is written off in all. Without
    months it is not depreciated. `source` is the contract or acceptance it came with, as text, kind and id.
    Who keeps an asset does not record it; the database holds it.
    """

    name = models.CharField(_("name"), max_length=100)
    asset_class = models.ForeignKey(AssetClass, models.PROTECT, related_name="+", verbose_name=_("class"))
    details = models.CharField(_("make, model, size"), max_length=200, blank=True)
    books = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("books"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("used by"))
    keeper = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("keeper"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place"))
    spot = models.CharField(_("floor, room"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.IN_USE)
    account = models.CharField(_("account"), max_length=20, default=FIXED)
    value = models.BigIntegerField(pgettext_lazy("of an asset", "value"))
    worn = models.BigIntegerField(_("written off"), default=0)
    worn_before = models.BigIntegerField(_("written off before"), default=0)
    wear_from = models.DateField(_("depreciated from"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months to go then"), null=True, blank=True)
    acquired_on = models.DateField(_("acquired on"))
    gone_on = models.DateField(_("off the books since"), null=True, blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("payment")
    )
    opening = models.ForeignKey(
        Book, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("brought forward into")
    )
    source_text = models.CharField(_("contract or acceptance"), max_length=100, blank=True)
    source_type = models.CharField(max_length=100, blank=True)
    source_id = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    made_at = models.DateTimeField(_("recorded at"))

    asset_class_id: int
    books_id: int
    unit_id: int
    keeper_id: int | None
    place_id: int | None
    payment_id: int | None
    opening_id: int | None
    made_by_id: int | None
    access_rule: ClassVar = Rule(unit="unit_id", owner="keeper_id")
    privacy: ClassVar = kept(
        "keeper",
        "made_by",
        internal=(
            "name", "asset_class", "details", "books", "unit", "place", "spot", "state", "account", "value", "worn",
            "worn_before", "wear_from", "months", "acquired_on", "gone_on", "payment", "opening", "source_text",
            "source_type", "source_id", "made_at",
        ),
    )  # fmt: skip

    class Meta:
        app_label = "finance"
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            two_people("keeper", "made_by", "finance_asset_keeper_records_not"),
            models.CheckConstraint(
                condition=Q(value__gt=0, worn__gte=F("worn_before"), worn__lte=F("value"), worn_before__gte=0),
                name="finance_asset_worn",
            ),
            models.CheckConstraint(
                condition=Q(wear_from__isnull=True, months__isnull=True) | Q(wear_from__isnull=False, months__gt=0),
                name="finance_asset_life",
            ),
            models.CheckConstraint(
                condition=Q(account=UNDER_CONSTRUCTION, state=State.BUILDING, worn=0)
                | Q(account=FIXED) & ~Q(state=State.BUILDING),
                name="finance_asset_account",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.GONE, State.PENDING), gone_on__isnull=False)
                | ~Q(state__in=(State.GONE, State.PENDING)) & Q(gone_on__isnull=True),
                name="finance_asset_gone",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) | Q(opening__isnull=True), name="finance_asset_origin"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["books", "state"], name="finance_asset_books"),
            models.Index(fields=["unit", "state"], name="finance_asset_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"GZ-{self.acquired_on:%Y}-{self.pk:06d}"

    @property
    def life(self) -> Life | None:
        """What is left to be written off from `wear_from` on."""
        if self.wear_from is None or self.months is None:
            return None
        return Life(value=self.value - self.worn_before, months=self.months, begins=self.wear_from)

    @property
    def left(self) -> int:
        """The value that is left on the books."""
        return self.value - self.worn


class AssetPhoto(models.Model):
    """A photo of an asset."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="photos", verbose_name=_("asset"))
    file = models.OneToOneField(File, models.PROTECT, related_name="+", verbose_name=_("file"))

    asset_id: int
    access_rule: ClassVar = Rule(unit="asset__unit_id", owner="asset__keeper_id")
    privacy: ClassVar = NotPersonal(because="It shows a thing; who sent it stands with the file")

    class Meta:
        app_label = "finance"
        verbose_name = _("photo of an asset")
        verbose_name_plural = _("photos of assets")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.asset_id)


class WearRun(models.Model):
    """The depreciation of a month in a unit's books: one voucher, whatever the number of cards."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    month = models.DateField(_("month"))
    total = models.BigIntegerField(_("depreciation"))
    cards = models.PositiveIntegerField(_("cards"))
    voucher = models.OneToOneField(Voucher, models.PROTECT, null=True, related_name="+", verbose_name=_("voucher"))
    made_at = models.DateTimeField(_("booked at"))

    book_id: int
    voucher_id: int | None
    access_rule: ClassVar = Rule(unit="book__unit_id")
    privacy: ClassVar = NotPersonal(because="A sum of money of a month")

    class Meta:
        app_label = "finance"
        verbose_name = _("depreciation of a month")
        verbose_name_plural = _("depreciation by month")
        ordering: ClassVar = ["-month", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "month"], name="finance_wear_run_once"),
            models.CheckConstraint(
                condition=Q(total__gt=0, voucher__isnull=False) | Q(total=0, voucher__isnull=True),
                name="finance_wear_run_voucher",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Wear(models.Model):
    """What a month wrote off of one card."""

    run = models.ForeignKey(WearRun, models.PROTECT, related_name="lines", verbose_name=_("depreciation of a month"))
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="wear", verbose_name=_("asset"))
    amount = models.BigIntegerField(_("depreciation"))

    asset_id: int
    run_id: int
    access_rule: ClassVar = Rule(unit="asset__unit_id", owner="asset__keeper_id")
    privacy: ClassVar = NotPersonal(because="An amount of a month")

    class Meta:
        app_label = "finance"
        verbose_name = _("depreciation")
        verbose_name_plural = _("depreciation")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "asset"], name="finance_wear_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="finance_wear_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.asset_id}"

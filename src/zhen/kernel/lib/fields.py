"""Model fields for sealed values.

    class Person(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        id_number = EncryptedField(mask=masks.identity_number, null=True)
        id_number_hash = LookupField(source="id_number", null=True, unique=True)

    person.id_number = "3101…"           # sealed when the row is saved
    str(person.id_number)                # "310***********1234"
    person.id_number.clear()             # the value; reading it is to be journalled
    Person.objects.filter(holding(Person, "id_number", "3101…"))

The seal binds a value to table, column and primary key. So the primary key must be known before the
first save, and rows cannot be copied by SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from zhen.kernel.lib import masks
from zhen.kernel.lib.crypto import Where, envelope, keeper, keyed

Mask = Callable[[str], str]


class Sealed:
    """The value of an encrypted field: shows itself masked, opens only when asked to."""

    __slots__ = ("_blob", "_mask", "_plain", "_where")

    def __init__(self, mask: Mask, where: Callable[[], Where], *, blob: bytes | None = None, plain: str | None = None):
        self._mask = mask
        self._where = where
        self._blob = blob
        self._plain = plain

    def clear(self) -> str:
        """The value itself. Raises Tampered, Malformed or UnknownKey."""
        if self._plain is None:
            assert self._blob is not None
            self._plain = keeper().open(self._blob, self._where())
        return self._plain

    clear.alters_data = True  # type: ignore[attr-defined]  # keeps templates from calling it

    def bytes_to_store(self) -> bytes:
        """Sealed as the ring has it now; what already is so stays as it is."""
        if self._blob is None or not self._blob.startswith(current_prefix()):
            self._blob = keeper().seal(self.clear(), self._where())
        return self._blob

    def __str__(self) -> str:
        return self._mask(self.clear())

    def __repr__(self) -> str:
        return "<sealed>"


class _Attribute:
    """Gives and takes the field's value on instances."""

    def __init__(self, field: EncryptedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, bytes | memoryview):
            value = instance.__dict__[name] = self.field.sealed(instance, blob=bytes(value))
        return value

    def __set__(self, instance: models.Model, value: object) -> None:
        if isinstance(value, Sealed):
            value = self.field.sealed(instance, plain=value.clear())
        elif isinstance(value, str):
            value = self.field.sealed(instance, plain=value) if value else None
        elif value is not None and not isinstance(value, bytes | memoryview):
            raise TypeError(f"{self.field}: set a text, not {type(value).__name__}")
        if not isinstance(value, bytes | memoryview):
            # The hash of what was there before no longer holds; it is made anew when the row is saved.
            hashed = lookup_of(type(instance), self.field.attname)
            if hashed is not None:
                instance.__dict__[hashed.attname] = None
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _SealedColumn = models.BinaryField[str | Sealed | None, Sealed | None]
    _HashColumn = models.BinaryField[bytes | None, bytes | None]
else:
    _SealedColumn = _HashColumn = models.BinaryField


class EncryptedField(_SealedColumn):
    """A text that is sealed in the database; see this module's head."""

    def __init__(self, *args: Any, mask: Mask = masks.hide, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mask = mask

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Attribute(self))

    def sealed(self, instance: models.Model, *, blob: bytes | None = None, plain: str | None = None) -> Sealed:
        return Sealed(self.mask, lambda: self.where(instance.pk), blob=blob, plain=plain)

    def where(self, pk: object) -> Where:
        if pk is None:
            raise ValueError(f"{self}: the primary key must be set before the value is sealed")
        return Where(self.model._meta.db_table, self.column or self.attname, str(pk))

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        return value.bytes_to_store() if isinstance(value, Sealed) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str | Sealed):
            raise TypeError(f"{self}: set the value on an instance and save that; it is sealed for its row")
        return super().get_db_prep_value(value, connection, prepared)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self}: a sealed value is not serialised")


class LookupField(_HashColumn):
    """The keyed hash of an encrypted field, for finding equal values; see this module's head.

    `normalise` gives one form to all writings of a value. `domain` keeps equal values of different
    columns apart; it is the table and column unless given.
    """

    def __init__(self, *args: Any, source: str = "", domain: str = "", normalise: Mask | None = None, **kwargs: Any):
        kwargs.setdefault("max_length", keyed.LENGTH)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)
        self.source = source
        self.domain = domain
        self.normalise = normalise

    def domain_name(self) -> str:
        return self.domain or f"{self.model._meta.db_table}.{self.source}"

    def hash_of(self, text: str) -> bytes:
        return keeper().hash(self.normal(text), domain=self.domain_name())

    def normal(self, text: str) -> str:
        return self.normalise(text) if self.normalise else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.source)
        stored = model_instance.__dict__.get(self.attname)
        if value is None:
            stored = None
        elif stored is None or not bytes(stored).startswith(current_lookup_prefix()):
            stored = self.hash_of(value.clear())
        setattr(model_instance, self.attname, stored)
        return stored


def holding(model: type[models.Model], name: str, text: str) -> Q:
    """The condition that the encrypted field `name` holds `text`, under whichever key it was hashed."""
    found = lookup_of(model, name)
    if found is None:
        raise LookupError(f"{model.__name__}.{name} has no LookupField")
    hashes = keeper().candidates(found.normal(text), domain=found.domain_name())
    return Q(**{f"{found.name}__in": hashes})


def lookup_of(model: type[models.Model], name: str) -> LookupField | None:
    """The look-up field that goes with an encrypted field."""
    for found in model._meta.concrete_fields:
        if isinstance(found, LookupField) and found.source == name:
            return found
    return None


def encrypted_fields(model: type[models.Model]) -> tuple[EncryptedField, ...]:
    return tuple(found for found in model._meta.concrete_fields if isinstance(found, EncryptedField))


def current_prefix() -> bytes:
    """How every sealed value begins that needs no sealing anew."""
    return envelope.prefix(keeper().ring(), keeper().cipher)


def current_lookup_prefix() -> bytes:
    return keyed.prefix(keeper().ring(), keeper().mac)

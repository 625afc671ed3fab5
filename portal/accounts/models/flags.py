"""Flags of a member that hold only while their permissions are not withheld."""

from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute


class HeldFlag(DeferredAttribute):
    """Reads False while the member's permissions are withheld; what is stored stays."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        return self.stored(instance) and not instance.is_withheld

    def stored(self, instance: Any) -> bool:
        """What the database says, withheld or not."""
        return super().__get__(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class StaffFlag(models.BooleanField):
    """A flag that gives permissions past every check, so withholding has to reach it itself.

    To migrations it is a BooleanField; saving keeps what is stored, whatever it reads as.
    """

    descriptor_class = HeldFlag

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BooleanField", args, kwargs

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        return model_instance.__dict__[self.attname]

    def value_from_object(self, obj: Any) -> Any:
        return obj.__dict__[self.attname]

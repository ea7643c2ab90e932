"""Fields that take what the schema says and convert nothing: "5" is no number, 5 is no text."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers

from annotations.api.base import MAX_ID

WEB_ADDRESS = r"^https?://[A-Za-z0-9\[][^\s<>\"\\^`{|}]*$"
OFFSET_MOST = 2**31 - 1


NO_NUL = r"^[^\u0000]*$"


class Text(serializers.CharField):
    """Without NUL, which no database keeps."""

    default_validators = [RegexValidator(NO_NUL, "A text cannot hold a NUL.")]

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Words(Text):
    """Not white space alone."""

    default_validators = [RegexValidator(r"^[^\u0000]*[^\s\u0000][^\u0000]*$", "Say something here.")]


def line(length: int, **options: Any) -> Text:
    """Optional text of one line."""
    return Text(**{"required": False, "allow_blank": True, "max_length": length} | options)


def words(length: int = 10_000, **options: Any) -> Text:
    """Optional text of any number of lines, kept as it is."""
    return line(length, **{"trim_whitespace": False} | options)


class Whole(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return data


def identity(**options: Any) -> Whole:
    return Whole(min_value=1, max_value=MAX_ID, **options)


class Truth(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """An ISO date."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or len(value) != 10:
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class Moment(serializers.DateTimeField):
    """An ISO moment; without an offset it is UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        try:
            return super().to_internal_value(value).astimezone(UTC)
        except (OverflowError, ValueError):
            self.fail("overflow", timezone="UTC")


class WebAddress(serializers.RegexField):
    """http or https alone: the address becomes a link."""

    def __init__(self, **options: Any) -> None:
        defaults = {"required": False, "allow_blank": True, "max_length": 2000}
        super().__init__(WEB_ADDRESS, **defaults | options)
        self.error_messages["invalid"] = "Enter a whole address that begins with http:// or https://."

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))

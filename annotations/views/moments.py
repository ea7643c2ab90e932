"""When, in words. Times are UTC, and say so where they stand alone."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.timesince import timesince


def day_in_words(day: date) -> str:
    """ "today", "yesterday", "4 May", "4 May 2024" """
    today = timezone.now().date()
    near = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    return near.get(day, f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}"))


def moment_in_words(at: datetime) -> str:
    """ "yesterday 17:40 UTC" """
    return f"{day_in_words(at.date())} {at:%H:%M} UTC"


def ago(moment: datetime) -> str:
    """ "2 minutes ago" """
    since = timesince(moment, timezone.now(), depth=1)
    return "less than a minute ago" if since.startswith("0") else f"{since} ago"

"""As everywhere else here: 4 May 2026, 17:40 UTC, with the month cut short as in a table."""

DATE_FORMAT = "j M Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = r"j M Y H:i \U\T\C"
SHORT_DATETIME_FORMAT = r"j M Y H:i \U\T\C"
TIME_FORMAT = "H:i"

"""aigap's own settings, with the one-row view that the others are measured against."""

from aigap.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"

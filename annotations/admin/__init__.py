"""Administration of people and collections, for staff, in Django's admin: a module for each subject."""

from annotations.admin import collections, ledger, log, memberships, tokens, users

__all__ = ["collections", "ledger", "log", "memberships", "tokens", "users"]

"""Turns a file, or pasted text, into a `Draft`: text, blocks with roles, metadata. Nothing is stored here."""

from .draft import Draft, reblock
from .errors import ImportRefused
from .reading import MAX_BYTES, SUFFIXES, read_pasted, read_upload

__all__ = ["MAX_BYTES", "SUFFIXES", "Draft", "ImportRefused", "read_pasted", "read_upload", "reblock"]

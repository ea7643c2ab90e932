"""Cuts a block into sentences (first rough version)."""

import re
from itertools import pairwise

_STOP = re.compile(r"(?:(?<=[a-z0-9)\]”\"][.!?])[\"”’)]?\s+(?=[A-Z“\"(])|(?<=[。！？])[」』”）]*)")


def sentences(text: str, start: int, end: int, language: str = "") -> list[tuple[int, int]]:
    edges = [start, *(m.end() for m in _STOP.finditer(text, start, end)), end]
    spans = []
    for left, right in pairwise(edges):
        piece = text[left:right]
        if piece.strip():
            spans.append((left + len(piece) - len(piece.lstrip()), left + len(piece.rstrip())))
    return spans

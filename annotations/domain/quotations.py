"""Quotations of one block, with their marks; what is quoted inside another is not given by itself."""

import re

_CLOSERS = {
    "“": "”\"＂", "„": "“”\"", "‟": "”", '"': '"”', "＂": "＂”", "”": "”",
    "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", "〝": "〟",
}  # fmt: skip
_MARK = re.compile(r"[\"＂“”„‟«»‹›「」『』〝〟‘']")
_EITHER_WAY = frozenset('"＂”»')  # opens or closes, by what stands around it
_SINGLE_END = re.compile(r"(?<=[^\s('‘])['’](?!\w)")
_LONGEST_SINGLE = 400  # an opening ‘ that nothing closes within this is an apostrophe
_OPENING = frozenset("([{—–-/«„“‘「『:")

Span = tuple[int, int]


def quotations(text: str, start: int, end: int) -> list[Span]:
    """In order, apart from each other. One that nothing closes goes to the end of the block."""
    scan = _Scan(text, start, end)
    for match in _MARK.finditer(text, start, end):
        if match.start() >= scan.passed:
            scan.look(match.start(), match[0])
    if scan.open:
        scan.add(scan.open[0][0], start + len(text[start:end].rstrip()))
    return scan.found


class _Scan:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.open: list[tuple[int, str]] = []  # where, and the marks that close it
        self.passed = start
        self.found: list[Span] = []

    def look(self, at: int, mark: str) -> None:
        before = self.text[at - 1] if at > self.start else " "
        after = self.text[at + 1] if at + 1 < self.end else " "
        leads = (before.isspace() or before in _OPENING) and not after.isspace()
        if mark in "‘'":
            if leads and not self.open:
                self._single(at)
        elif not (mark in '"＂' and leads) and self._close(at, mark):
            return
        elif mark not in _EITHER_WAY or leads or self._unspaced(mark, before, after):
            self.open.append((at, _CLOSERS.get(mark, "")))

    def _unspaced(self, mark: str, before: str, after: str) -> bool:
        """A straight mark among letters that no spaces part, as in Chinese."""
        return mark in '"＂' and not self.open and before > "\u2e7f" and not after.isspace()

    def _close(self, at: int, mark: str) -> bool:
        """Closes the innermost quotation that this mark can close, and what was left open within it."""
        for depth in range(len(self.open) - 1, max(-1, len(self.open) - 5), -1):
            if mark in self.open[depth][1]:
                opened = self.open[depth][0]
                del self.open[depth:]
                if not self.open:
                    self.add(opened, at + 1)
                return True
        return False

    def _single(self, at: int) -> None:
        if self.text[at + 1].isdigit() and self.text[at + 3 : at + 4] == "s":
            return  # the ’90s
        closed = _SINGLE_END.search(self.text, at + 2, min(self.end, at + _LONGEST_SINGLE))
        if closed:
            self.add(at, closed.end())
            self.passed = closed.end()

    def add(self, start: int, end: int) -> None:
        if any(character.isalnum() for character in self.text[start:end]):
            self.found.append((start, end))

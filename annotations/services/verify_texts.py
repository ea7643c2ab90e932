"""Texts, and what hangs on their offsets."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from annotations.domain.text import context, sha256
from annotations.models import Article, ArticleDetails, Span
from annotations.services.articles import check_blocks
from annotations.services.errors import Invalid
from annotations.services.snapshot import stream

_ARTICLES = f"SELECT id, text, sha256 FROM {Article._meta.db_table} ORDER BY id"
_SPANS = f"""
    SELECT article_id, id, start, "end", quote, prefix, suffix FROM {Span._meta.db_table} ORDER BY article_id
"""
_BLOCKS = f"""
    SELECT article_id, id, CAST(blocks AS text) FROM {ArticleDetails._meta.db_table} ORDER BY article_id
"""
Wrong = tuple[str, int, str]


def wrong_texts() -> Iterator[Wrong]:
    """(table, id, what is wrong). Articles, their spans and their details are read side by side."""
    spans, details = _by_article(_SPANS), _by_article(_BLOCKS)
    for pk, text, digest in stream(_ARTICLES):
        if sha256(text) != digest:
            yield Article._meta.db_table, pk, "The text is not the one that its sha256 is of."
        for _, span, *place in spans(pk):
            if what := _wrong_place(text, *place):
                yield Span._meta.db_table, span, what
        for _, version, blocks in details(pk):
            if what := _wrong_blocks(text, orjson.loads(blocks)):
                yield ArticleDetails._meta.db_table, version, what


def _by_article(sql: str) -> Any:
    groups = groupby(stream(sql), itemgetter(0))
    ahead = [next(groups, None)]

    def of(article: int) -> Iterator[tuple[Any, ...]]:
        while ahead[0] is not None and ahead[0][0] < article:
            ahead[0] = next(groups, None)
        if ahead[0] is not None and ahead[0][0] == article:
            yield from ahead[0][1]

    return of


def _wrong_place(text: str, start: int, end: int, quote: str, prefix: str, suffix: str) -> str:
    if text[start:end] != quote:
        return f"Its quote is not the text at {start}–{end}."
    if (prefix, suffix) != context(text, start, end):
        return f"Its prefix and suffix are not the text around {start}–{end}."
    return ""


def _wrong_blocks(text: str, blocks: list[dict[str, Any]]) -> str:
    try:
        check_blocks(text, blocks)
    except (Invalid, KeyError, TypeError):
        return "Its blocks do not cover the text."
    return ""

"""What the API reads: the bodies of requests. Unknown fields are ignored."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import (
    OFFSET_MOST,
    Choice,
    Day,
    Moment,
    Text,
    Truth,
    WebAddress,
    Whole,
    Words,
    identity,
    line,
    words,
)
from annotations.domain.roles import ROLES
from annotations.domain.text import MAX_CHARACTERS
from annotations.models import ArticleDetails, ArticleWork, Aspect, Problem, Source, Stance, Verdict


class SpanIn(serializers.Serializer[Any]):
    article = identity()
    start = Whole(min_value=0, max_value=OFFSET_MOST, help_text="First code point of the quote.")
    end = Whole(min_value=1, max_value=OFFSET_MOST, help_text="The code point after its last.")
    quote = Text(
        trim_whitespace=False, min_length=1, max_length=MAX_CHARACTERS, help_text="Exactly text[start:end]."
    )
    aspect = Choice(choices=Aspect.choices, default=Aspect.FACT)


class CheckableIn(serializers.Serializer[Any]):
    not_checkable = Truth()
    reason = line(200, help_text="Needed with not_checkable true.")


class OpinionIn(serializers.Serializer[Any]):
    verdict = Choice(choices=Verdict.choices)
    why = words()
    problem = Choice(choices=Problem.choices, required=False, allow_blank=True)
    should_read = words()
    must_fix = Truth(required=False)
    confidence = Whole(min_value=0, max_value=100, required=False, allow_null=True)


class WorkIn(serializers.Serializer[Any]):
    stage = Choice(choices=ArticleWork.Stage.choices, required=False)
    owner = line(150, allow_null=True, help_text="A username; null for nobody.")
    due_at = Moment(required=False, allow_null=True)
    note = words(2_000, help_text="For whoever takes it.")


class LinkIn(serializers.Serializer[Any]):
    expires_in = Whole(
        min_value=60, max_value=86_400, default=3_600, help_text="Seconds; no longer than the token lives."
    )


class CitationIn(serializers.Serializer[Any]):
    stance = Choice(choices=Stance.choices, default=Stance.SUPPORTS)
    locator = line(300, help_text="Where in the source: a page, a paragraph, a minute.")
    excerpt = words(help_text="The words of the source that matter.")


class SourceIn(serializers.Serializer[Any]):
    title = line(500)
    publisher = line(200)
    url = WebAddress()
    archived_url = WebAddress()
    published_on = Day(required=False, allow_null=True)
    accessed_on = Day(required=False, allow_null=True)
    person_role = line(200)
    note = words()
    is_primary = Truth(required=False, help_text="First hand, not somebody's account of it.")


class EvidenceIn(CitationIn, SourceIn):
    """A source of the collection by its id, or a new one by kind and details."""

    source = identity(required=False)  # type: ignore[assignment]
    kind = Choice(choices=Source.Kind.choices, required=False)
    tier = Choice(choices=Source.Tier.choices, required=False)
    article = identity(required=False, help_text="For kind article.")


class EvidenceChangeIn(CitationIn, SourceIn):
    """The citation anew; details of the source where given, for every claim that cites it."""


class RulingIn(serializers.Serializer[Any]):
    """All of it: what a PUT leaves out is empty afterwards."""

    verdict = Choice(choices=Verdict.choices)
    rationale = Words(trim_whitespace=False, max_length=10_000)
    should_read = words(help_text="What the article should say instead.")
    true_as_of = Day(
        required=False, allow_null=True, help_text="The day of which the decision speaks: none to come."
    )
    check_again_on = Day(
        required=False, allow_null=True, help_text="A day to come, from which on it is due again."
    )
    revision = Whole(
        min_value=1,
        max_value=OFFSET_MOST,
        help_text="The claim's, as you read it: 428 without it, 412 when the claim has changed since.",
    )


class DerivedFromIn(serializers.Serializer[Any]):
    title = line(500)
    publisher = line(200)
    url = WebAddress()
    article = identity(required=False, allow_null=True)


class BlockIn(serializers.Serializer[Any]):
    start = Whole(min_value=0, max_value=OFFSET_MOST, help_text="Of a block of the article.")
    role = Choice(choices=[(role, role) for role in ROLES])


class DetailsIn(serializers.Serializer[Any]):
    title = line(500)
    publisher = line(200)
    byline = line(300)
    published_on = Day(required=False, allow_null=True)
    url = WebAddress()
    language = line(35, help_text="A language tag such as en or pt-BR.")
    direction = Choice(choices=ArticleDetails.Direction.choices, required=False)
    role = Choice(choices=ArticleDetails.Role.choices, required=False)
    derived_from = DerivedFromIn(many=True, required=False)


class DetailsChangeIn(DetailsIn):
    blocks = BlockIn(many=True, required=False, help_text="New roles of some blocks.")


class ImportIn(DetailsIn):
    """What is not said of the article is guessed from its text."""

    supersedes = identity(required=False, allow_null=True, help_text="The article that this text replaces.")


class ArticleIn(ImportIn):
    text = words(MAX_CHARACTERS)
    html = words(MAX_CHARACTERS)
    markdown = words(MAX_CHARACTERS)


class TextIn(ImportIn):
    text = Words(trim_whitespace=False, max_length=MAX_CHARACTERS)


class HtmlIn(ImportIn):
    html = Words(trim_whitespace=False, max_length=MAX_CHARACTERS)


class MarkdownIn(ImportIn):
    markdown = Words(trim_whitespace=False, max_length=MAX_CHARACTERS)

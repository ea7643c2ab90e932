"""What the API answers, for the schema: `shapes` and `exports.rows` build it, a test holds the two together."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers as s

from annotations.api.fields import identity
from annotations.api.problems import CODES
from annotations.domain.roles import ROLES
from annotations.domain.stances import LABELS
from annotations.exports.averitec import MEDIA
from annotations.models import (
    ArticleDetails,
    ArticleWork,
    Aspect,
    Membership,
    Problem,
    Source,
    Stance,
    Status,
    Verdict,
)


def number(text: str = "", least: int = 0) -> s.IntegerField:
    return s.IntegerField(min_value=least, help_text=text)


class CollectionOut(s.Serializer[Any]):
    slug = s.CharField()
    name = s.CharField()
    description = s.CharField()
    language = s.CharField()
    license = s.CharField(help_text="An SPDX identifier.")
    blind = s.BooleanField()
    reviews_needed = number(least=1)
    verified_needs_source = s.BooleanField()
    text_exportable = s.BooleanField()
    role = s.ChoiceField(choices=Membership.Role.choices, help_text="Mine.")
    head = number("Number of the last revision.")
    epoch = number("Rises when what a client may see has changed.")


class DerivedFromOut(s.Serializer[Any]):
    title = s.CharField(required=False)
    publisher = s.CharField(required=False)
    url = s.CharField(required=False)
    article = s.IntegerField(required=False, allow_null=True)


class BlockOut(s.Serializer[Any]):
    start = number()
    end = number()
    start_utf16 = number()
    end_utf16 = number()
    role = s.ChoiceField(choices=[(role, role) for role in ROLES])
    reason = s.CharField(help_text="Why it was taken for that.")
    sentences = s.ListField(child=s.ListField(child=s.IntegerField()), help_text="[start, end] of each.")


class ArticleOut(s.Serializer[Any]):
    id = identity()
    title = s.CharField()
    publisher = s.CharField()
    byline = s.CharField()
    published_on = s.DateField(allow_null=True)
    url = s.CharField()
    language = s.CharField()
    direction = s.ChoiceField(choices=ArticleDetails.Direction.choices)
    role = s.ChoiceField(choices=ArticleDetails.Role.choices)
    sha256 = s.CharField(help_text="Of the text's UTF-8.")
    supersedes = s.IntegerField(allow_null=True)
    derived_from = DerivedFromOut(many=True)
    revision = number("In which these details were written.", least=1)


class WholeArticleOut(ArticleOut):
    text = s.CharField(
        allow_null=True,
        help_text="Null where the collection keeps its texts in, unless reviewers or editors ask signed in.",
    )
    blocks = BlockOut(many=True, allow_null=True, help_text="Null where the text is.")


class WorkOut(s.Serializer[Any]):
    stage = s.ChoiceField(choices=ArticleWork.Stage.choices)
    owner = s.CharField(allow_null=True, help_text="A username; null where it is nobody's.")
    due_at = s.DateTimeField(allow_null=True)
    revision = s.IntegerField(allow_null=True, help_text="In which this was written; null where nothing was.")


class ClaimArticleOut(s.Serializer[Any]):
    id = identity()
    title = s.CharField()
    publisher = s.CharField()
    published_on = s.DateField(allow_null=True)
    url = s.CharField()
    sha256 = s.CharField()


class ReviewOut(s.Serializer[Any]):
    reviewer = s.CharField(help_text="A pseudonym, unless collection and person agreed to names.")
    verdict = s.ChoiceField(choices=Verdict.choices)
    why = s.CharField()
    problem = s.ChoiceField(choices=[("", ""), *Problem.choices])
    should_read = s.CharField()
    confidence = s.IntegerField(allow_null=True, min_value=0, max_value=100)
    at = s.DateTimeField()


class SourceArticleOut(s.Serializer[Any]):
    id = identity()
    sha256 = s.CharField()


class SourceOut(s.Serializer[Any]):
    id = identity()
    kind = s.ChoiceField(choices=Source.Kind.choices)
    article = SourceArticleOut(allow_null=True, help_text="Where it is an article of this collection.")
    title = s.CharField()
    publisher = s.CharField()
    url = s.CharField()
    archived_url = s.CharField()
    published_on = s.DateField(allow_null=True)
    is_primary = s.BooleanField(help_text="First hand, not somebody's account of it.")


class CitedOut(s.Serializer[Any]):
    key = s.CharField()
    stance = s.ChoiceField(choices=Stance.choices)
    locator = s.CharField()
    excerpt = s.CharField()
    source = SourceOut()  # type: ignore[assignment]


class RuledOut(s.Serializer[Any]):
    verdict = s.ChoiceField(choices=Verdict.choices)
    rationale = s.CharField()
    editor = s.CharField()
    at = s.DateTimeField()
    should_read = s.CharField()
    true_as_of = s.DateField(allow_null=True, help_text="The day of which the decision speaks.")
    check_again_on = s.DateField(allow_null=True, help_text="From this day on it is due again.")


class ClaimOut(s.Serializer[Any]):
    id = identity()
    article = ClaimArticleOut()
    start = number("Code points, inclusive.")
    end = number("Code points, exclusive.")
    start_utf16 = number()
    end_utf16 = number()
    quote = s.CharField()
    prefix = s.CharField(help_text="The 32 code points before.")
    suffix = s.CharField(help_text="The 32 code points after.")
    aspect = s.ChoiceField(choices=Aspect.choices)
    status = s.ChoiceField(choices=Status.choices)
    verdict = s.ChoiceField(
        choices=Verdict.choices, allow_null=True, help_text="Null unless agreed or ruled."
    )
    reason = s.CharField(help_text="Why it cannot be checked; empty unless it is not_checkable.")
    reviews = ReviewOut(many=True)
    evidence = CitedOut(many=True)
    ruling = RuledOut(allow_null=True)
    revision = number("Of the claim's last change; the first part of its ETag.", least=1)
    url = s.CharField(help_text="The claim's page.")


class AnswerOut(s.Serializer[Any]):
    answer = s.CharField()
    answer_type = s.ChoiceField(choices=["Extractive", "Abstractive"])
    source_url = s.CharField(allow_null=True)
    cached_source_url = s.CharField(allow_null=True)
    source_medium = s.ChoiceField(choices=sorted({*MEDIA.values(), "Other"}))


class QuestionOut(s.Serializer[Any]):
    question = s.CharField()
    answers = AnswerOut(many=True)


class LabelledOut(s.Serializer[Any]):
    """A claim in the form of AVeriTeC."""

    claim_id = identity()
    claim = s.CharField()
    label = s.ChoiceField(choices=LABELS)  # type: ignore[assignment]
    justification = s.CharField()
    claim_date = s.CharField(allow_null=True, help_text="Day-month-year.")
    speaker = s.CharField(allow_null=True)
    original_claim_url = s.CharField(allow_null=True)
    reporting_source = s.CharField(allow_null=True)
    questions = QuestionOut(many=True)


class TaskOut(s.Serializer[Any]):
    """An article for Label Studio."""

    data = s.DictField()  # type: ignore[assignment]
    annotations = s.ListField(child=s.DictField())


EXPORTED = PolymorphicProxySerializer(
    component_name="Exported",
    serializers=[ClaimOut, LabelledOut, TaskOut],
    resource_type_field_name=None,
    many=True,
)
"""What `format=json`, `averitec` and `labelstudio` give."""


class OpinionOut(s.Serializer[Any]):
    span = identity()
    verdict = s.ChoiceField(choices=Verdict.choices)
    why = s.CharField()
    problem = s.ChoiceField(choices=[("", ""), *Problem.choices])
    should_read = s.CharField()
    must_fix = s.BooleanField()
    confidence = s.IntegerField(allow_null=True, min_value=0, max_value=100)
    at = s.DateTimeField()
    revision = number(least=1)


class EvidenceOut(CitedOut):
    span = identity()
    tier = s.ChoiceField(
        choices=Source.Tier.choices, help_text="Only public sources are in rows and exports."
    )
    added_by = s.CharField()
    at = s.DateTimeField()
    revision = number(least=1)


class RulingOut(RuledOut):
    span = identity()
    revision = number(least=1)


class CountOut(s.Serializer[Any]):
    count = number("Rows that the export has.")
    at = number("The revision that was counted.", least=1)


class LinkOut(s.Serializer[Any]):
    url = s.CharField(help_text="For GET and HEAD, without a header; whoever has it reads the export.")
    format = s.CharField()
    at = number("The revision that it is of.", least=1)
    expires_at = s.DateTimeField()


class ChangeOut(s.Serializer[Any]):
    seq = number("The revision that last wrote or retired it.", least=1)
    op = s.ChoiceField(choices=["upsert", "delete"])
    type = s.ChoiceField(choices=["claim", "article"])
    id = identity()
    object = s.DictField(allow_null=True, help_text="The whole claim or article; null for a delete.")


class ChangesOut(s.Serializer[Any]):
    results = ChangeOut(many=True)
    next = s.CharField(allow_null=True)
    head = number("The `after` to come back with when `next` is null.")
    epoch = number()


class FaultOut(s.Serializer[Any]):
    field = s.CharField(help_text="Empty for the whole request.")
    detail = s.CharField()


class ProblemOut(s.Serializer[Any]):
    """RFC 9457. `code` tells errors apart; more members come with some codes."""

    type = s.CharField(help_text="about:blank")
    title = s.CharField()
    status = s.IntegerField(min_value=400, max_value=599)
    code = s.ChoiceField(choices=sorted(set().union(*CODES.values())))
    detail = s.CharField()
    errors = FaultOut(many=True, required=False, help_text="With 400.")  # type: ignore[assignment]
    current = s.DictField(required=False, allow_null=True, help_text="With 412: what is there now.")
    found = s.CharField(required=False, help_text="With quote-mismatch: what stands at these offsets.")
    depends = s.ListField(child=s.CharField(), required=False, help_text="With others-work.")
    article = s.IntegerField(required=False, help_text="With duplicate-text: the article that has it.")
    revision = s.IntegerField(required=False, help_text="With a stale ruling: the claim's.")
    head = s.IntegerField(required=False, help_text="With resync.")
    epoch = s.IntegerField(required=False, help_text="With resync.")


def page_of(item: type[s.Serializer[Any]]) -> type[s.Serializer[Any]]:
    """{next, previous, results} of such items."""
    members = {
        "next": s.CharField(allow_null=True),
        "previous": s.CharField(allow_null=True),
        "results": item(many=True),
    }
    return type(f"{item.__name__.removesuffix('Out')}Page", (s.Serializer,), members)


CollectionPage = page_of(CollectionOut)
ArticlePage = page_of(ArticleOut)
ClaimPage = page_of(ClaimOut)

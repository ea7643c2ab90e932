from annotations.models.articles import Article, ArticleDetails, ArticleWork, article_name
from annotations.models.claims import (
    Annotation,
    Aspect,
    ClaimState,
    PrivateNote,
    Problem,
    Ruling,
    Span,
    Status,
    Verdict,
)
from annotations.models.collections import Collection, CollectionSettings, Membership, Revision, Undoing
from annotations.models.desk import (
    Assignment,
    Comment,
    Correction,
    LegalRead,
    Mention,
    Opened,
    SavedFilter,
    SentBack,
    Visit,
)
from annotations.models.links import ClaimLink, LinkKind
from annotations.models.sources import Evidence, Source, SourceDetails, Stance
from annotations.models.tokens import ApiToken
from annotations.models.users import User
from annotations.models.versions import LIVE, VersionRow

VERSION_MODELS: tuple[type[VersionRow], ...] = (
    CollectionSettings,
    ArticleDetails,
    ArticleWork,
    ClaimState,
    Annotation,
    Evidence,
    SourceDetails,
    Ruling,
    ClaimLink,
    Assignment,
    SentBack,
    Comment,
    Mention,
    LegalRead,
    Correction,
)
SAID_AT_THE_DESK: tuple[type[VersionRow], ...] = (
    Assignment,
    SentBack,
    Comment,
    Mention,
    LegalRead,
    Correction,
)
"""Rows about a claim that are not the claim's own; they go where it goes."""

__all__ = [
    "LIVE",
    "SAID_AT_THE_DESK",
    "VERSION_MODELS",
    "Annotation",
    "ApiToken",
    "Article",
    "ArticleDetails",
    "ArticleWork",
    "Aspect",
    "Assignment",
    "ClaimLink",
    "ClaimState",
    "Collection",
    "CollectionSettings",
    "Comment",
    "Correction",
    "Evidence",
    "LegalRead",
    "LinkKind",
    "Membership",
    "Mention",
    "Opened",
    "PrivateNote",
    "Problem",
    "Revision",
    "Ruling",
    "SavedFilter",
    "SentBack",
    "Source",
    "SourceDetails",
    "Span",
    "Stance",
    "Status",
    "Undoing",
    "User",
    "Verdict",
    "VersionRow",
    "Visit",
    "article_name",
]

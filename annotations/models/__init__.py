from annotations.models.articles import Article, ArticleDetails, ArticleWork
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
from annotations.models.collections import Collection, CollectionSettings, Membership, Revision
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
)

__all__ = [
    "LIVE",
    "VERSION_MODELS",
    "Annotation",
    "ApiToken",
    "Article",
    "ArticleDetails",
    "ArticleWork",
    "Aspect",
    "ClaimLink",
    "ClaimState",
    "Collection",
    "CollectionSettings",
    "Evidence",
    "LinkKind",
    "Membership",
    "PrivateNote",
    "Problem",
    "Revision",
    "Ruling",
    "Source",
    "SourceDetails",
    "Span",
    "Stance",
    "Status",
    "User",
    "Verdict",
    "VersionRow",
]

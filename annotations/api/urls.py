from django.urls import URLPattern, URLResolver, path, re_path

from annotations.api import (
    articles,
    base,
    changes,
    collections,
    docs,
    evidence,
    exports,
    opinions,
    rulings,
    schema,
    spans,
    work,
)

IN = "collections/<slug:slug>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("collections/", collections.Collections.as_view(), name="api-collections"),
    path(IN, collections.CollectionDetail.as_view(), name="api-collection"),
    path(f"{IN}articles/", articles.Articles.as_view(), name="api-articles"),
    path(f"{IN}articles/<int:article_id>/", articles.ArticleDetail.as_view(), name="api-article"),
    path(f"{IN}articles/<int:article_id>/work/", work.ArticleWorkDetail.as_view(), name="api-article-work"),
    path(f"{IN}spans/", spans.Spans.as_view(), name="api-spans"),
    path(f"{IN}spans/<int:span_id>/", spans.SpanDetail.as_view(), name="api-span"),
    path(f"{IN}spans/<int:span_id>/annotation/", opinions.MyAnnotation.as_view(), name="api-annotation"),
    path(f"{IN}spans/<int:span_id>/evidence/", evidence.SpanEvidence.as_view(), name="api-span-evidence"),
    path(f"{IN}spans/<int:span_id>/ruling/", rulings.SpanRuling.as_view(), name="api-ruling"),
    path(f"{IN}evidence/<slug:key>/", evidence.EvidenceDetail.as_view(), name="api-evidence"),
    path(f"{IN}export/", exports.Export.as_view(), name="api-export"),
    path(f"{IN}export/count/", exports.ExportCount.as_view(), name="api-export-count"),
    path(f"{IN}export/links/", exports.ExportLinks.as_view(), name="api-export-links"),
    path(f"{IN}changes/", changes.Changes.as_view(), name="api-changes"),
    path("schema/", schema.Schema.as_view(), name="api-schema"),
    path("schema/claim.json", schema.ClaimSchema.as_view(), name="api-claim-schema"),
    path("docs/", docs.docs, name="api-docs"),
    re_path(r"^[\s\S]*\Z", base.NoSuchRoute.as_view(), name="api-none"),
]

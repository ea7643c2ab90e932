from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import IntConverter

from annotations.views import (  # the reader
    account,
    accounts,
    articles,
    bar,
    beside,
    claim_list,
    claims,
    collections,
    corrections,
    decide,
    desk,
    documents,
    facts,
    history,
    imports,
    legal,
    placing,
    plain,
    preferences,
    proof,
    public,
    reader,
    second_factor,
    since,
    sources,
    suggesting,
    withdrawing,
    work,
)


class IdConverter(IntConverter):
    """Fits the databases' bigint: a longer number is no address of ours."""

    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")

ARTICLE = "c/<slug:slug>/articles/<id:article_id>/"
CLAIM = f"{ARTICLE}claims/<id:span_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("next/", desk.following, name="desk-next"),
    # People
    path("accounts/login/", accounts.sign_in, name="sign-in"),
    path("accounts/logout/", accounts.sign_out, name="sign-out"),
    path("accounts/link/<str:uid>/<str:token>/", accounts.link, name="account-link"),
    path("account/", account.account, name="account"),
    path("account/profile/", account.profile, name="account-profile"),
    path("account/password/", account.password, name="account-password"),
    path("account/reading/", preferences.reading, name="account-reading"),
    path("account/tokens/", account.token_create, name="token-create"),
    path("account/tokens/revoke/", account.token_revoke, name="token-revoke"),
    path("account/second-factor/", second_factor.second_factor, name="second-factor"),
    # For everybody, of public collections
    path("public/<slug:slug>/corrections/", public.corrections, name="public-corrections"),
    path("public/<slug:slug>/corrections/<slug:key>/", public.correction, name="public-correction"),
    path("public/<slug:slug>/corrections.atom", public.feed, name="public-corrections-feed"),
    # Pages of a collection
    path("c/<slug:slug>/", collections.dashboard, name="collection"),
    path("c/<slug:slug>/settings/", collections.settings, name="collection-settings"),
    path("c/<slug:slug>/dataset/", collections.dataset, name="dataset"),
    path("c/<slug:slug>/articles/", articles.article_list, name="article-list"),
    path("c/<slug:slug>/articles/import/", imports.article_import, name="article-import"),
    path("c/<slug:slug>/articles/<id:article_id>/details/", articles.article_details, name="article-details"),
    path(f"{ARTICLE}withdraw/", withdrawing.article_withdraw, name="article-withdraw"),
    path(f"{ARTICLE}work/", work.article_work, name="article-work"),
    path("c/<slug:slug>/claims/", claim_list.claim_list, name="claim-list"),
    path("c/<slug:slug>/claims/<id:span_id>/", claim_list.claim_detail, name="claim-detail"),
    path("c/<slug:slug>/corrections/", corrections.correction_list, name="correction-list"),
    path("c/<slug:slug>/legal/", legal.legal_list, name="legal-list"),
    path("c/<slug:slug>/history/", history.history, name="history"),
    path("c/<slug:slug>/history/<id:number>/", history.revision, name="revision"),
    path("c/<slug:slug>/history/<id:number>/undo/", history.undo, name="revision-undo"),
    # The reader and its fragments: add below this line
    path(ARTICLE, reader.article_detail, name="article-detail"),
    path(f"{ARTICLE}card/", reader.card_fragment, name="article-card"),
    path(f"{ARTICLE}claims/", reader.claims_fragment, name="article-claims"),
    path(f"{ARTICLE}next/", reader.next_fragment, name="article-next"),
    path(f"{ARTICLE}left/", bar.left_fragment, name="article-left"),
    path(f"{ARTICLE}left/next/", bar.left_next, name="article-left-next"),
    path(f"{ARTICLE}beside/", beside.others, name="article-beside"),
    path(f"{ARTICLE}beside/<id:other_id>/", beside.beside, name="article-beside-text"),
    path(f"{ARTICLE}beside/<id:other_id>/align/", beside.aligned, name="article-beside-align"),
    path(f"{ARTICLE}since/", since.since, name="article-since"),
    path(f"{ARTICLE}facts/", facts.facts_fragment, name="article-facts"),
    path(f"{ARTICLE}plain/", plain.article_plain, name="article-plain"),
    path(f"{ARTICLE}proof/", proof.article_proof, name="article-proof"),
    path(f"{ARTICLE}mark/", claims.mark, name="claim-mark"),
    path(f"{ARTICLE}tag/", claims.tag, name="claim-tag"),
    path(f"{ARTICLE}not-checkable/", claims.not_checkable, name="claim-not-checkable"),
    path(f"{ARTICLE}undo/", claims.undo, name="claim-undo"),
    path(f"{CLAIM}why/", claims.why, name="claim-why"),
    path(f"{CLAIM}withdraw/", claims.withdraw, name="claim-withdraw"),
    path(f"{CLAIM}checkable/", claims.checkable, name="claim-checkable"),
    path(f"{CLAIM}unmark/", claims.unmark, name="claim-unmark"),
    path(f"{CLAIM}move/", placing.move, name="claim-move"),
    path(f"{CLAIM}split/", placing.split, name="claim-split"),
    path(f"{CLAIM}merge/", placing.merge, name="claim-merge"),
    path(f"{CLAIM}note/", claims.note, name="claim-note"),
    path(f"{CLAIM}decide/", decide.decide, name="claim-decide"),
    path(f"{CLAIM}decide/withdraw/", decide.withdraw, name="claim-decide-withdraw"),
    path(f"{CLAIM}legal/ask/", legal.ask, name="claim-legal-ask"),
    path(f"{CLAIM}legal/answer/", legal.reply, name="claim-legal-answer"),
    path(f"{CLAIM}legal/withdraw/", legal.withdraw, name="claim-legal-withdraw"),
    path(f"{CLAIM}correction/", corrections.correct, name="claim-correct"),
    path(f"{CLAIM}correction/publish/", corrections.publish, name="claim-correction-publish"),
    path(f"{CLAIM}correction/withdraw/", corrections.withdraw, name="claim-correction-withdraw"),
    path(f"{CLAIM}sources/", sources.source_add, name="source-add"),
    path(f"{ARTICLE}documents/", documents.document_upload, name="document-upload"),
    path("c/<slug:slug>/sources/<id:source_id>/document/", documents.document_download, name="document"),
    path(f"{ARTICLE}known-sources/", suggesting.known_sources, name="known-sources"),
    path(f"{ARTICLE}sources/<slug:key>/", sources.source_change, name="source-change"),
    path(f"{ARTICLE}sources/<slug:key>/remove/", sources.source_remove, name="source-remove"),
]

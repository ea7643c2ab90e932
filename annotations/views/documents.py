"""Uploads come in on their own, beside the queue (ADR 14), and go out again as attachments, never as pages of ours."""

from html import escape

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from annotations import access, access_sources
from annotations.models import SourceDetails
from annotations.services import documents
from annotations.services.documents import download
from annotations.services.errors import Invalid, NotThere
from annotations.views.answers import fragment, page_or
from annotations.views.reading import Reading
from annotations.views.stored import described

HANDLE_LASTS = 7 * 24 * 3600
_SALT = "annotations.document"


@require_POST
@fragment()
def document_upload(request: HttpRequest, at: Reading) -> HttpResponse:
    """Keeps the file and answers with a handle of it, good for this person in this collection."""
    name = kept(request)
    if not name:
        raise Invalid("Choose a document or picture first.", "file")
    handle = signing.dumps(_whose(at, name), salt=_SALT)
    said = f"{described(name)}. It is kept."
    return page_or(
        request,
        at,
        None,
        lambda: HttpResponse(
            f'<p class="hint uploaded" id="uploaded" data-handle="{escape(handle)}">{said}</p>'
        ),
    )


@require_safe
def document_download(request: HttpRequest, slug: str, source_id: int) -> FileResponse:
    return document_response(access_sources.document(access.seat(request.user, slug), source_id))


def kept(request: HttpRequest) -> str:
    """The name of the file that came with the form; "" where none did."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return ""
    if upload.size and upload.size > documents.MOST:
        raise Invalid("It is larger than 20 MB. Cite the page that matters, or a smaller scan.", "file")
    return documents.keep(upload)


def named_by(request: HttpRequest, at: Reading) -> str:
    """The name of the file that the form's handle stands for; "" without one."""
    handle = request.POST.get("document", "")
    if not handle:
        return ""
    try:
        whose = signing.loads(handle, salt=_SALT, max_age=HANDLE_LASTS)
    except signing.BadSignature:
        whose = None
    if whose is None or whose != _whose(at, whose[0]):
        raise Invalid("Choose the document again: it was uploaded too long ago, or by somebody else.", "file")
    return str(whose[0])


def document_response(details: SourceDetails) -> FileResponse:
    """`details`: from `access_sources.document`."""
    try:
        document = download(details)
    except NotThere as gone:
        raise Http404(str(gone)) from gone
    response = FileResponse(document.path.open("rb"), content_type=document.media_type)
    response["Content-Disposition"] = document.disposition
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _whose(at: Reading, name: str) -> list[str | int]:
    return [name, at.seat.collection.pk, at.seat.user.pk]

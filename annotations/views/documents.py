"""Uploads go out again as attachments, never as pages of ours."""

from django.http import FileResponse, Http404

from annotations.models import SourceDetails
from annotations.services.documents import download
from annotations.services.errors import NotThere


def document_response(details: SourceDetails) -> FileResponse:
    """`details`: from `access.document`."""
    try:
        document = download(details)
    except NotThere as gone:
        raise Http404(str(gone)) from gone
    response = FileResponse(document.path.open("rb"), content_type=document.media_type)
    response["Content-Disposition"] = document.disposition
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response

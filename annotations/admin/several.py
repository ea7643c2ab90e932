"""Several users at once, from a pasted list: looked at first, then all or none; their links are shown once."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from annotations.admin.base import StaffAdmin, page
from annotations.forms.people import SeveralForm
from annotations.models import User
from annotations.services.accounts import one_time_link
from annotations.services.errors import Invalid
from annotations.services.newcomers import Faulty, create_several, examine

TITLE = "Add several users"


def several(admin: StaffAdmin, request: HttpRequest) -> HttpResponse:
    form = SeveralForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return page(admin, request, "several", TITLE, form=form)
    if not form.is_valid():
        return page(admin, request, "several", TITLE, 422, form=form)
    if "create" not in request.POST or not form.was_seen:
        return _preview(admin, request, form)
    return _create(admin, request, form)


def _preview(admin: StaffAdmin, request: HttpRequest, form: SeveralForm) -> HttpResponse:
    lines = examine(form.newcomers)
    faulty = sum(bool(each.faults) for each in lines)
    shown = {"form": form, "seen": form.digest, "lines": lines, "faulty": faulty}
    return page(admin, request, "several", TITLE, 422 if faulty else 200, **shown)


def _create(admin: StaffAdmin, request: HttpRequest, form: SeveralForm) -> HttpResponse:
    author: Any = request.user
    seat = {"collection": form.cleaned_data["collection"], "role": form.cleaned_data["role"]}
    try:
        users = create_several(form.newcomers, author=author, **seat)
    except Faulty as faulty:
        shown = {"form": form, "lines": faulty.lines, "faulty": sum(bool(e.faults) for e in faulty.lines)}
        return page(admin, request, "several", TITLE, 422, **shown)
    except Invalid as refused:
        form.add_error(refused.field, str(refused))
        return page(admin, request, "several", TITLE, 422, form=form)
    return links_page(admin, request, users)


def links_page(admin: StaffAdmin, request: HttpRequest, people: list[User]) -> HttpResponse:
    """Shown this once, and to take along as a text file."""
    links = [(person, one_time_link(person)) for person in people]
    text = "".join(f"{person} ({person.username})\t{link}\n" for person, link in links)
    shown: dict[str, Any] = {
        "links": links,
        "text": text,
        "file": f"data:text/plain;charset=utf-8,{quote(text)}",
    }
    title = "One-time link" if len(links) == 1 else "One-time links"
    return page(admin, request, "one_time_links", title, **shown)

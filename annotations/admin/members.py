"""Many memberships at once: whom, of what, as what; looked at, then changed."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from annotations import access_people
from annotations.admin.base import StaffAdmin, page
from annotations.domain.newcomers import Newcomer
from annotations.forms.people import MembersForm
from annotations.models import Collection, User
from annotations.services.members import Moved, Step, change_members, digest, plan, without_editor

TITLE = "Change memberships"


@dataclass(frozen=True, slots=True)
class Found:
    people: list[User]
    unknown: list[Newcomer]


def several(admin: StaffAdmin, request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        chosen = {name: request.GET.get(name, "") for name in ("people", "collection")}
        return members_page(admin, request, MembersForm(initial=chosen))
    form = MembersForm(request.POST)
    if not form.is_valid():
        return members_page(admin, request, form, 422)
    found = find(form.lines)
    refuses = partial(access_people.refusal, request.user)
    if "seen" in request.POST and "change" in request.POST:
        return _change(admin, request, form, found)
    steps = plan(form.cleaned_data["collection"], found.people, form.wish, refuses=refuses)
    return _preview(admin, request, form, found, steps)


def _change(admin: StaffAdmin, request: HttpRequest, form: MembersForm, found: Found) -> HttpResponse:
    author: Any = request.user
    collection: Collection = form.cleaned_data["collection"]
    refuses = partial(access_people.refusal, author)
    seen = request.POST["seen"]
    try:
        taken = change_members(collection, found.people, form.wish, author=author, refuses=refuses, seen=seen)
    except Moved as moved:
        return _preview(admin, request, form, found, moved.steps, str(moved))
    if not taken:
        return _preview(
            admin, request, form, found, plan(collection, found.people, form.wish, refuses=refuses)
        )
    count = f"{len(taken)} membership{'' if len(taken) == 1 else 's'} of {collection} changed."
    messages.success(request, count)
    return redirect(f"{reverse('admin:annotations_membership_changelist')}?collection={collection.slug}")


def find(lines: list[Newcomer]) -> Found:
    """By username, exactly or but for capital letters, each once, in the order of the lines."""
    names = {line.username.lower() for line in lines}
    known = {user.username: user for user in User.objects.alias(low=Lower("username")).filter(low__in=names)}
    lower = {name.lower(): user for name, user in known.items()}
    people: dict[int, User] = {}
    unknown = []
    for line in lines:
        user = known.get(line.username) or lower.get(line.username.lower())
        if user:
            people[user.pk] = user
        else:
            unknown.append(line)
    return Found(list(people.values()), unknown)


def _preview(
    admin: StaffAdmin,
    request: HttpRequest,
    form: MembersForm,
    found: Found,
    steps: list[Step],
    moved: str = "",
) -> HttpResponse:
    taken = [step for step in steps if step.seat]
    shown = {
        "taken": taken,
        "left_out": [step for step in steps if not step.seat],
        "unknown": found.unknown,
        "seen": digest(steps),
        "moved": moved,
        "last_editor": without_editor(form.cleaned_data["collection"], steps),
        "looked": True,
    }
    status = 409 if moved else 200 if taken else 422
    return members_page(admin, request, form, status, **shown)


def members_page(
    admin: StaffAdmin, request: HttpRequest, form: MembersForm, status: int = 200, **shown: Any
) -> HttpResponse:
    return page(admin, request, "members", TITLE, status, form=form, **shown)


def chosen(
    admin: StaffAdmin, request: HttpRequest, usernames: list[str], collection: str = ""
) -> HttpResponse:
    """The form for those who were ticked in a list."""
    if len(usernames) > MembersForm.MOST:
        messages.warning(request, f"Choose at most {MembersForm.MOST} at once.")
        return redirect(request.get_full_path())
    start = {"people": "\n".join(usernames), "collection": collection}
    return members_page(admin, request, MembersForm(initial=start))

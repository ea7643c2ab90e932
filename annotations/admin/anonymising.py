"""A person's name is taken away, for good."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from annotations import access_people
from annotations.admin.base import StaffAdmin, page
from annotations.forms.people import AnonymiseForm
from annotations.models import Membership, User
from annotations.services.leaving import anonymise as take_the_name_away


def anonymise(admin: StaffAdmin, request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    if why := access_people.no_anonymising(request.user, person):
        messages.error(request, f"{person} is not anonymised. {why}")
        return redirect("admin:annotations_user_changelist")
    form = AnonymiseForm(request.POST if request.method == "POST" else None, person=person)
    if request.method != "POST" or not form.is_valid():
        return _form_page(admin, request, person, form)
    author: Any = request.user
    take_the_name_away(person, author=author)
    person.refresh_from_db()
    messages.success(request, f"Anonymised. Their work is there, as that of {person}.")
    return redirect("admin:annotations_user_changelist")


def _form_page(admin: StaffAdmin, request: HttpRequest, person: User, form: AnonymiseForm) -> HttpResponse:
    seats = Membership.objects.filter(user=person).select_related("collection").order_by("collection__slug")
    shown = {
        "person": person,
        "form": form,
        "seats": seats,
        "behind": access_people.left_behind(request.user, [person]),
    }
    status = 422 if form.is_bound else 200
    return page(admin, request, "anonymise", f"Anonymise {person}", status, **shown)

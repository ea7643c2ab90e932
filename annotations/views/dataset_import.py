"""Claims from a file into a collection: look at what would come in, then bring it in. Nothing is stored before."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from annotations import access, access_dataset
from annotations.access import Seat
from annotations.forms.dataset_import import ClaimsFile, ClaimsFileForm, WhoForm, reopen
from annotations.models import Membership
from annotations.services.import_claims import Brought, Faulty, File
from annotations.services.import_people import people_of
from annotations.services.import_plan import Plan
from annotations.services.ledger import digest_of
from annotations.views.pages import collection_page

SHOWN = 50
"""Lines that are named one by one; of the rest the number."""


@dataclass(frozen=True, slots=True)
class Look:
    claims: ClaimsFile
    who: WhoForm
    file: File
    plan: Plan

    @property
    def moved(self) -> int:
        return sum(each.start != each.claim.start for each in self.plan.placed)

    @property
    def seen(self) -> str:
        """What a confirmation is of: with other people, or other lines left out, one looks again."""
        return digest_of(given=self.who.given(), left_out=len(self.plan.faults))[:16]


@require_http_methods(["GET", "HEAD", "POST"])
def dataset_import(request: HttpRequest, slug: str) -> HttpResponse:
    seat = access.seat(request.user, slug, Membership.Role.EDITOR)
    if request.method != "POST":
        return _page(request, seat, {"form": ClaimsFileForm()})
    if "sealed" in request.POST:
        return _again(request, seat)
    form = ClaimsFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seat, {"form": form}, status=422)
    return _preview(request, seat, _look(seat, form.cleaned_data["file"]))


def _again(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Looked at with other people, or confirmed."""
    try:
        claims = reopen(request.POST["sealed"])
    except BadSignature:
        messages.error(request, "This preview is too old, or changed on the way. Choose the file again.")
        return redirect("dataset-import", seat.collection.slug)
    look = _look(seat, claims, request.POST)
    if "confirm" not in request.POST:
        return _preview(request, seat, look)
    if request.POST["confirm"] != look.seen:
        return _preview(request, seat, look, otherwise=True)
    try:
        brought = look.file.write(0, claims.rows, {}, partial=bool(look.plan.faults))
    except Faulty:
        return _preview(request, seat, _look(seat, claims, request.POST), otherwise=True)
    return _done(request, seat, brought)


def _look(seat: Seat, claims: ClaimsFile, data: Any = None) -> Look:
    people, members = people_of(seat.collection), access_dataset.speakers(seat)
    known = {name: members[user][0] for name in claims.people if (user := people.user(name)) in members}
    who = WhoForm(data, people=claims.people, members=dict(members.values()), known=known)
    if given := who.given():
        people = people_of(seat.collection, given)
    file = File(seat.collection, seat.user, people, claims.sha256)
    return Look(claims, who, file, file.check(claims.rows))


def _done(request: HttpRequest, seat: Seat, brought: Brought) -> HttpResponse:
    slug = seat.collection.slug
    if brought.revision is None:
        messages.info(request, "Every claim of the file is here already: nothing was left to bring in.")
        return redirect("dataset", slug)
    if brought.before:
        messages.info(request, "The file came in before, with this change: nothing was left to bring in.")
    else:
        messages.success(request, _words(brought))
    return redirect(f"/c/{slug}/history/{brought.revision}/#notices")  # where it can be undone


def _words(brought: Brought) -> str:
    claims, lines = brought.claims, len(brought.plan.faults)
    said = f"{claims:,} claim{'' if claims == 1 else 's'} came in"
    said += f", {lines:,} line{' was' if lines == 1 else 's were'} left out" if lines else ""
    return f"{said}. This is the change, and it can be undone here."


def _preview(request: HttpRequest, seat: Seat, look: Look, *, otherwise: bool = False) -> HttpResponse:
    plan = look.plan
    context = {
        "look": look,
        "plan": plan,
        "faults": plan.faults[:SHOWN],
        "more_faults": len(plan.faults) - SHOWN,
        "notes": sorted(plan.notes)[:SHOWN],
        "more_notes": len(plan.notes) - SHOWN,
        "otherwise": otherwise,
    }
    status = 409 if otherwise else 200 if plan.placed or plan.there else 422
    return _page(request, seat, context, status=status)


def _page(request: HttpRequest, seat: Seat, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    template = "annotations/dataset_import.html"
    return collection_page(request, seat, template, context, here="dataset", status=status)

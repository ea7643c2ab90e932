"""What is done to several users at once, or to one: shown first with whom it leaves out and why, then done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import action as describe
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from annotations import access_people
from annotations.admin.base import StaffAdmin, page
from annotations.admin.several import links_page
from annotations.models import User
from annotations.services import accounts, leaving, sign_ins

MOST = 500


@dataclass(frozen=True)
class Act:
    """`refuses(staff, person)` says why not; `run(people, author=)` returns those whom it changed."""

    label: str
    verb: str
    told: str
    done: str
    refuses: Callable[[Any, User], str]
    run: Callable[..., list[User]]
    leaves_behind: bool = False
    answer: Callable[..., HttpResponse] | None = None


ACTS = {
    "links": Act(
        "One-time links, for lost passwords",
        "Make links for",
        "Each gets a link with which its holder chooses a password, once, within three days. It works even while "
        "sign-in is locked. What they have open stays open until they use it.",
        "Links were made for",
        access_people.no_link,
        accounts.link_each,
        answer=links_page,
    ),
    "deactivate": Act(
        "Deactivate",
        "Deactivate",
        "They cannot sign in any more. Their sessions, one-time links and tokens end at once, for good; their work and "
        "their memberships stay. Made active again, they choose a new password.",
        "Deactivated:",
        access_people.no_deactivation,
        leaving.deactivate,
        leaves_behind=True,
    ),
    "reactivate": Act(
        "Make active again",
        "Make active",
        "They are members of what they were members of. Each gets a link to choose a new password with; tokens are "
        "made anew.",
        "Active again:",
        access_people.no_reactivation,
        leaving.reactivate,
        answer=links_page,
    ),
    "unlock": Act(
        "Unlock sign-in, after too many wrong passwords",
        "Unlock",
        "They can try again at once, from every address. Was it not they who tried? Then leave it: it unlocks by "
        "itself after 15 minutes, and a one-time link works meanwhile.",
        "Unlocked:",
        access_people.refusal,
        sign_ins.unlock,
    ),
    "second-factor": Act(
        "Take the second factor away, for lost devices",
        "Take it away from",
        "Their app and backup codes open nothing any more. They sign in with their password, and set up another.",
        "Second factor taken away from",
        access_people.no_factor_reset,
        leaving.reset_second_factor,
    ),
}


def act(admin: StaffAdmin, request: HttpRequest, name: str) -> HttpResponse:
    """Shows what would happen to those who were chosen; with `confirmed`, does it."""
    chosen = [pk for pk in request.POST.getlist("_selected_action") if pk.isdecimal() and len(pk) < 19]
    return act_on(admin, request, name, User.objects.filter(pk__in=chosen[: MOST + 1]))


def action(name: str) -> Callable[..., HttpResponse]:
    """For the list's menu."""

    def chosen(admin: StaffAdmin, request: HttpRequest, users: Any) -> HttpResponse:
        return act_on(admin, request, name, users)

    chosen.__name__ = name.replace("-", "_")
    return describe(description=ACTS[name].label)(chosen)


def act_on(admin: StaffAdmin, request: HttpRequest, name: str, users: Any) -> HttpResponse:
    people = list(users.order_by("username")[: MOST + 1])
    if not people or len(people) > MOST:
        few = "Choose at least one user first." if not people else f"Choose at most {MOST} users at once."
        messages.warning(request, few)
        return redirect("admin:annotations_user_changelist")
    refused = [(person, why) for person in people if (why := ACTS[name].refuses(request.user, person))]
    left_out = {person.pk for person, _ in refused}
    willing = [person for person in people if person.pk not in left_out]
    if "confirmed" in request.POST and willing:
        return _do(admin, request, ACTS[name], willing)
    return _preview(admin, request, name, willing, refused)


def _preview(
    admin: StaffAdmin, request: HttpRequest, name: str, people: list[User], refused: list[tuple[User, str]]
) -> HttpResponse:
    wanted = ACTS[name]
    behind = access_people.left_behind(request.user, people) if wanted.leaves_behind else []
    shown = {
        "act": wanted,
        "address": reverse(f"admin:annotations_user_{name}"),
        "people": people,
        "refused": refused,
        "behind": behind,
    }
    return page(admin, request, "act", wanted.label, 200 if people else 422, **shown)


def _do(admin: StaffAdmin, request: HttpRequest, wanted: Act, people: list[User]) -> HttpResponse:
    changed = wanted.run(people, author=request.user)
    persons = [person for person in changed if person.kind == User.Kind.PERSON]
    if wanted.answer and persons:
        return wanted.answer(admin, request, persons)
    if changed:
        messages.success(request, f"{wanted.done} {in_words(changed)}.")
    else:
        messages.info(request, "Nothing was left to do: it had been done before.")
    return redirect("admin:annotations_user_changelist")


def in_words(people: list[User], most: int = 5) -> str:
    named = ", ".join(str(person) for person in people[:most])
    return named if len(people) <= most else f"{named} and {len(people) - most:,} more"

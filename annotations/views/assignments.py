"""Who has how much to judge, which articles nobody has, and sharing them out evenly: previewed, then confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from annotations import access, access_assignments, access_desk
from annotations.access import Seat
from annotations.access_assignments import Size
from annotations.domain.spreading import Piece, Plan
from annotations.domain.spreading import spread as shared_out
from annotations.forms.assignments import PlanForm, SpreadForm
from annotations.models import ArticleDetails, Revision, article_name
from annotations.services import assignments as service
from annotations.services.errors import Invalid, NotThere
from annotations.services.ledger import Stale
from annotations.views.answers import key_of
from annotations.views.assigned import people_of
from annotations.views.entries import titles_of
from annotations.views.moments import ago
from annotations.views.page_conflict import Conflict
from annotations.views.pages import collection_page, page_of
from annotations.views.reading import counted
from annotations.views.versions import Pair, named
from annotations.views.work import lines_of

PEOPLE = 12
SHOWN = 50
STALE = "One of these articles or people has gone meanwhile. Here is the plan anew."
NOTHING = "Everybody chosen has these articles already, or there are none: choose others."


@require_safe
def assignments(request: HttpRequest, slug: str) -> HttpResponse:
    seat = _assigning(request, slug)
    needed = seat.settings.reviews_needed
    ticked = access_desk.reviewers(seat).values_list("pk", flat=True)
    return _page(request, seat, SpreadForm(people=people_of(seat), needed=needed, ticked=ticked))


@require_POST
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    """Without a `plan` it is only shown what would come of it; with one, that is done."""
    seat = _assigning(request, slug)
    form = SpreadForm(request.POST, people=people_of(seat))
    if not form.is_valid():
        return _page(request, seat, form, 422)
    if "plan" in request.POST:
        return _confirmed(request, seat, form)
    return _previewed(request, seat, form)


def _assigning(request: HttpRequest, slug: str) -> Seat:
    seat = access.seat(request.user, slug)
    access_desk.assigning(seat)
    return seat


def _page(request: HttpRequest, seat: Seat, form: SpreadForm, status: int = 200) -> HttpResponse:
    people = people_of(seat)
    page = page_of(people, request.GET.get("page", ""), size=PEOPLE, total=len(people))
    loads = access_assignments.loads(seat, [pk for pk, _ in page.rows])
    due, free = _free(seat)
    ticked = set(form.cleaned_data.get("article") or []) if form.is_bound else set()
    context = {
        "form": form,
        "page": page,
        "loads": [(pk, name, loads[pk]) for pk, name in page.rows],
        "any_more": any(load.more for load in loads.values()),
        "articles": _listed(seat, free[:SHOWN], ticked),
        "due_count": len(due),
        "others": len(free) - SHOWN,
    }
    return collection_page(request, seat, "annotations/assignments.html", context, here="", status=status)


def _free(seat: Seat) -> tuple[list[int], list[int]]:
    """Articles that nobody has: those with a deadline, and these with the newest behind them."""
    due = access_assignments.due_articles(seat)
    return due, list(dict.fromkeys([*due, *access_assignments.newest_articles(seat)]))


@dataclass(frozen=True, slots=True)
class Row:
    details: ArticleDetails
    size: Size
    due: str
    is_late: bool
    ticked: bool


def _listed(seat: Seat, ids: list[int], ticked: set[int]) -> list[Row]:
    titles, sizes = titles_of(seat, ids), access_assignments.sizes(seat, ids)
    lines = lines_of(seat, ids)
    return [
        Row(titles[pk], sizes[pk], line.due if line else "", bool(line and line.is_late), pk in ticked)
        for pk in ids
        if pk in titles and pk in sizes
        for line in [lines.get(pk)]
    ]


@dataclass(frozen=True, slots=True)
class Preview:
    articles: list[int]
    sizes: dict[int, Size]
    has: dict[int, int]
    plan: Plan


def _planned(seat: Seat, form: SpreadForm) -> Preview:
    said = form.cleaned_data
    due, free = _free(seat) if said["which"] != "ticked" else ([], [])
    chosen = {"ticked": said["article"], "due": due, "all": free[:SHOWN]}[said["which"]]
    sizes = access_assignments.sizes(seat, chosen)
    held = service.holders(sizes)
    none: frozenset[int] = frozenset()
    pieces = [Piece(pk, getattr(size, said["by"]), held.get(pk, none)) for pk, size in sizes.items()]
    has = _has(seat, said["people"], said["by"]) if said["count"] else {}
    return Preview(list(sizes), sizes, has, shared_out(pieces, said["people"], said["each"], has))


def _has(seat: Seat, people: list[int], by: str) -> dict[int, int]:
    if by == "length":
        return access_assignments.lengths_held(seat, people)
    return {person: load.left for person, load in access_assignments.loads(seat, people).items()}


def _previewed(
    request: HttpRequest,
    seat: Seat,
    form: SpreadForm,
    trouble: str = "",
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    preview = _planned(seat, form)
    if not preview.plan.tasks and not conflict:
        form.add_error(None, trouble or NOTHING)
        return _page(request, seat, form, status if trouble else 422)
    context = _shown(seat, form, preview) | {"trouble": trouble} | (conflict or {})
    return collection_page(
        request, seat, "annotations/assignments_preview.html", context, here="", status=status
    )


def _shown(seat: Seat, form: SpreadForm, preview: Preview) -> dict[str, Any]:
    said, plan = form.cleaned_data, preview.plan
    titles, names = titles_of(seat, preview.articles), dict(people_of(seat))
    gets: dict[int, list[ArticleDetails]] = {person: [] for person in said["people"]}
    for article, person in plan.tasks:
        gets[person].append(titles[article])
    return {
        "rows": [
            (names[person], preview.has.get(person, 0), gets[person], plan.loads[person])
            for person in said["people"]
        ],
        "unit": "claims" if said["by"] == "claims" else "characters of text",
        "short": [(titles[article], lacks) for article, lacks in plan.short.items()],
        "said": said,
        "packed": ",".join(map(str, preview.articles)),
        "plan": ",".join(f"{article}-{person}" for article, person in plan.tasks),
        "count": len(plan.tasks),
        "articles": len({article for article, _ in plan.tasks}),
        "base": service.base_of({article for article, _ in plan.tasks}),
        "key": form.key,
        "seen": seat.collection.head,
    }


def _since(seat: Seat, wanted: PlanForm) -> dict[str, Any]:
    """Who assigned some of it meanwhile, who has each article now, and to whom my plan, which may be kept, gives it."""
    tasks = wanted.cleaned_data["plan"]
    articles = {article for article, _ in tasks}
    titles, names = titles_of(seat, articles), dict(people_of(seat))
    held = service.holders(articles)
    seen = wanted.cleaned_data["seen"] or 0
    before = service.holders(articles, at=seen)
    told = [
        Pair(
            str(titles.get(article) or article_name(article, "")),
            *(_names_in(names, people) for people in (now, mine)),
        )
        for article in sorted(articles)
        for now in [held.get(article, frozenset())]
        if now != before.get(article, frozenset())
        for mine in [frozenset(person for which, person in tasks if which == article)]
    ]
    number = service.last_change(seat.collection, articles)
    who = "Somebody else assigned some of these meanwhile."
    if number:
        change = Revision.objects.select_related("author").get(collection=seat.collection, number=number)
        who = f"{named(seat, change.author)} assigned some of these {ago(change.created_at)}."
    conflict = Conflict(who, told, mine="By your plan", of="Article")
    return {
        "conflict": conflict,
        "mine": wanted.data["plan"],
        "my_count": len(tasks),
        "my_base": service.base_of(articles),
    }


def _names_in(names: dict[int, str], people: Iterable[int]) -> str:
    return ", ".join(sorted(names.get(person, "somebody") for person in people))


def _confirmed(request: HttpRequest, seat: Seat, form: SpreadForm) -> HttpResponse:
    wanted = PlanForm(request.POST)
    if not wanted.is_valid():
        return _previewed(request, seat, form, " ".join(map(str, wanted.errors.get("plan", [STALE]))), 422)
    tasks = [(article, None, person) for article, person in wanted.cleaned_data["plan"]]
    try:
        done = service.assign_each(
            seat.collection,
            author=seat.user,
            tasks=tasks,
            base=wanted.cleaned_data["base"],
            key=key_of(request),
        )
    except Stale:
        return _previewed(request, seat, form, conflict=_since(seat, wanted), status=409)
    except (NotThere, Invalid):
        return _previewed(request, seat, form, STALE, 409)
    made = counted(done.changed, "assignment")
    words = f"{made} made. That is change {done.revision}, and can be undone as one in the history."
    messages.success(request, words if done.revision else "They have these already.")
    return redirect(f"/c/{seat.collection.slug}/assignments/#notices")

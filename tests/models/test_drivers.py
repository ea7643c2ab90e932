"""Statements asked of the driver itself: what comes out, and what becomes of them where a connection has changed."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import (
    DatabaseError,
    DataError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotations.models import Collection, Revision, User, drivers
from annotations.models.prepared import Prepared, Question, together
from annotations.models.statements import Asked, Awaited
from tests.api.cast import api, cite, make_desk, mark, tag

pytestmark = pytest.mark.django_db(transaction=True)

SERVER = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="of a server that prepares statements, or goes"
)

SLUGS = Prepared(lambda head: Collection.objects.filter(head=head).order_by("pk").values_list("slug"), int)
NAMED = Prepared(lambda slug: Collection.objects.filter(slug=slug).values_list("head"), str)
SHOWN = Prepared(lambda name: User.objects.filter(username=name).values_list("display_name"), str)
AMONG = Prepared(lambda ids: Collection.objects.filter(pk__among=ids).order_by("pk").values_list("pk"), list)
WRITTEN = Prepared(
    lambda collection: Revision.objects.filter(collection=collection).values_list(
        "number", "created_at", "created_at__date", "author__show_name", "idempotency_key"
    ),
    int,
)


@pytest.fixture
def here():
    return Collection.objects.create(slug="c", head=4)


def test_values_are_what_the_cursors_of_django_make_of_them(here):
    ana = User.objects.create(username="ana", show_name=True)
    Revision.objects.create(collection=here, number=1, author=ana, created_at=timezone.now())
    straight = WRITTEN(here.pk)
    with CaptureQueriesContext(connection) as looked_on:
        assert WRITTEN(here.pk) == straight
    assert len(looked_on) == 1
    ((number, written_at, day, show_name, _),) = straight
    assert (number, show_name, type(day)) == (1, True, datetime.date)
    assert written_at.utcoffset() == datetime.timedelta(0)


def test_numbers_of_any_size_words_and_lists(here):
    assert (SLUGS(4), SLUGS(2**63 - 1), SLUGS(-1)) == ([("c",)], [], [])
    assert (NAMED("c"), NAMED("%s 'Ω' $1 ?")) == ([(4,)], [])
    assert (AMONG([here.pk, 2**40]), AMONG([])) == ([(here.pk,)], [])


def test_a_character_that_the_database_cannot_hold_cuts_no_word_short(here):
    if connection.vendor == "sqlite":
        assert NAMED("c\0x") == []
        return
    with pytest.raises(DatabaseError, match="character 0"):
        NAMED("c\0x")
    assert NAMED("c") == [(4,)]


def test_in_a_transaction_one_sees_what_one_has_written(here):
    with transaction.atomic():
        Collection.objects.create(slug="d", head=4)
        assert SLUGS(4) == [("c",), ("d",)]


def test_none_is_asked_in_a_transaction_that_has_failed(here):
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            SLUGS(4)


def test_after_a_rollback_each_is_answered_as_before(here):
    """psycopg then has PostgreSQL forget all that was prepared."""
    both = Question(SLUGS, (4,)), Question(NAMED, ("c",))
    expected = [[("c",)], [(4,)]]
    assert together(*both) == expected
    for asked_again in (lambda: together(*both), lambda: [SLUGS(4), NAMED("c")]):
        with transaction.atomic():
            Collection.objects.create(slug="d", head=4)
            transaction.set_rollback(True)
        assert asked_again() == expected


@SERVER
def test_after_a_migration_a_column_is_read_as_it_is_now():
    User.objects.create(username="ana", display_name="Ana")
    assert SHOWN("ana") == [("Ana",)]
    column = f'ALTER TABLE "{User._meta.db_table}" ALTER COLUMN display_name TYPE varchar'
    with connection.cursor() as cursor:
        cursor.execute(f"{column}(777)")
        try:
            assert SHOWN("ana") == [("Ana",)]
        finally:
            cursor.execute(f"{column}({User._meta.get_field('display_name').max_length})")


@SERVER
@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize(
    "words", ["plan_cache", "pseudonym", '"why"', '"rationale"', "evidence", '"created_at"', "articledetails"]
)
def test_a_page_is_the_same_when_one_of_its_statements_was_gone(blind, words):
    """So that all is asked anew, also what had been read before that one's turn."""
    desk = make_desk(blind=blind)
    for person in (desk.ana, desk.ben):
        tag(desk.collection, person, desk.span, "disputed")
    mark(desk.collection, desk.ben, desk.article, "rose")
    cite(desk.collection, desk.ana, desk.span)
    tool = api(desk.ana)
    page = tool.get("desk/changes/").json()
    assert [len(page["results"][-1]["object"][name]) for name in ("reviews", "evidence")] == [2, 1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{words}%"])
        names = [name for (name,) in cursor.fetchall() if name.startswith("aigap_")]
        for name in names:
            cursor.execute(f'DEALLOCATE "{name}"')
    assert names
    assert tool.get("desk/changes/").json() == page


@SERVER
@pytest.mark.parametrize("blind", [False, True])
def test_whoever_comes_too_late_is_told_what_is_there(blind):
    """The ledger takes its change back, at which psycopg has PostgreSQL forget; the claim is asked for behind that."""
    desk = make_desk(blind=blind)
    tag(desk.collection, desk.ana, desk.span, "disputed")
    tool, path = api(desk.ana), f"desk/spans/{desk.span}/"
    there = tool.get(path).json()
    assert len(there["reviews"]) == 1
    for _ in range(2):
        answer = tool.delete(path, If_Match='"1"')
        assert (answer.status_code, answer.json()["current"]) == (412, there)


@SERVER
def test_who_reads_is_given_no_answer_of_what_failed(here):
    broken = Prepared(
        lambda head: Collection.objects.filter(head=head).values_list(RawSQL("1 / (head - 4)", [])), int
    )
    before = connection.connection
    with pytest.raises(DataError, match="zero"):
        together(Question(broken, (4,)), Question(SLUGS, (4,), lambda rows: rows[0]))
    with pytest.raises(DataError, match="zero"):
        together(Question(broken, (4,), lambda rows: rows[0]), Question(NAMED, Awaited()))
    assert together(Question(SLUGS, (4,)), Question(NAMED, ("c",))) == [[("c",)], [(4,)]]
    assert connection.connection is before


@SERVER
@pytest.mark.parametrize(
    "ask", [lambda: SLUGS(4), lambda: together(Question(SLUGS, (4,)), Question(NAMED, ("c",)))]
)
def test_when_the_server_has_gone_the_next_request_has_another_connection(here, ask):
    answer = ask()
    end_connection()
    with pytest.raises(OperationalError):
        ask()
    close_old_connections()
    assert ask() == answer


@SERVER
@pytest.mark.parametrize("one_plan", [False, True])
def test_a_server_that_had_gone_before_a_request_is_asked_on_a_new_connection(here, one_plan):
    both = Question(SLUGS, (4,)), Question(NAMED, ("c",))
    for asked, expected in ((both[:1], [[("c",)]]), (both, [[("c",)], [(4,)]])):
        assert together(*asked) == expected
        end_connection()
        close_old_connections()  # as a request begins
        assert together(*asked, one_plan=one_plan) == expected


@SERVER
def test_a_first_question_that_took_too_long_is_not_asked_again(here):
    slow = Prepared(
        lambda head: Collection.objects.filter(head=head).values_list(RawSQL("pg_sleep(5)::text", [])), int
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 200")
    before = connection.connection
    close_old_connections()
    with pytest.raises(OperationalError, match="timeout"):
        slow(4)
    assert connection.connection is before
    connection.close()


def end_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with ThreadPoolExecutor(1) as other:
        other.submit(end, pid).result()


def end(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    connection.close()


@SERVER
def test_one_that_fails_among_others_leaves_the_connection_as_it_was(here):
    shares = Prepared(
        lambda head: Collection.objects.filter(head__gte=head).values_list(RawSQL("10 / head", [])), int
    )
    assert shares(1) == [(2,)]
    Collection.objects.create(slug="d", head=0)
    before = connection.connection
    with pytest.raises(DataError, match="zero"):
        together(Question(NAMED, ("c",)), Question(shares, (0,)), Question(NAMED, ("d",)))
    assert together(Question(shares, (1,)), Question(NAMED, ("d",))) == [[(2,)], [(0,)]]
    assert connection.connection is before


@SERVER
def test_what_is_no_number_and_no_text_is_refused_in_words(here):
    for value in (None, True, 1.5):
        with pytest.raises(TypeError, match="no number"):
            SLUGS(value)
    with pytest.raises(DataError):
        SLUGS(2**63)
    assert SLUGS(4) == [("c",)]


def test_whoever_wraps_statements_may_refuse_them(here):
    def refuse(*_):
        raise PermissionError

    with connection.execute_wrapper(refuse), pytest.raises(PermissionError):
        together(Question(SLUGS, (4,)), Question(NAMED, ("c",)))


@pytest.mark.parametrize("blind", [False, True])
def test_pages_are_told_the_same_straight_and_by_the_cursors_of_django(monkeypatch, blind):
    desk = make_desk(blind=blind)
    tag(desk.collection, desk.ana, desk.span, "disputed")
    cite(desk.collection, desk.ana, desk.span)
    straight = told_both_ways(monkeypatch)
    for person in (desk.owner, desk.ana, desk.ben, desk.vera):
        tool, browser = api(person), Client(headers={"HX-Request": "true"})
        browser.force_login(person)
        for path in ("changes/", "changes/?limit=1", "spans/", "articles/", "export/?format=json"):
            answer = tool.get(f"desk/{path}")
            assert answer.status_code == 200, path
            _ = b"".join(answer) if answer.streaming else answer.content
        for path in (f"articles/{desk.article}/", f"articles/{desk.article}/card/?claim={desk.span}"):
            # A viewer sees no open claim.
            assert browser.get(f"/c/desk/{path}").status_code in (200, 404), path
    assert len(straight) > 100


def in_any_order(answers):
    """Some say no order, and each way has a plan of its own."""
    return [sorted(rows, key=repr) for rows in answers]


def told_both_ways(monkeypatch) -> list[int]:
    """How many questions went straight to the driver together, each time one did."""
    straight, chosen = [], drivers._driver

    def both(database):
        driver = chosen(database)

        def ask(asked, one_plan):
            rows = []

            def noted(each):
                return each._replace(read=lambda found: rows.append(found) or each.read(found))

            answers = driver(tuple(map(noted, asked)), one_plan)
            again = tuple(Asked(each.statement, each.known()) for each in asked)
            assert in_any_order(drivers._by_cursors(again)) == in_any_order(rows)
            straight.append(len(asked))
            return answers

        return driver if driver is drivers._by_cursors else ask

    monkeypatch.setattr(drivers, "_driver", both)
    return straight

"""Commands that set a desk up."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from annotations.models import (
    ApiToken,
    Article,
    ArticleDetails,
    CollectionSettings,
    Membership,
    Revision,
    User,
)

pytestmark = pytest.mark.django_db


def run(*args, **options):
    said = StringIO()
    call_command(*args, stdout=said, stderr=said, **options)
    return said.getvalue()


def test_create_collection_begins_one_with_its_settings():
    run("create_collection", "tides", "--name", "The tides", "--blind", "--reviews-needed", "2")
    settings = CollectionSettings.objects.current().get(collection__slug="tides")
    assert (settings.name, settings.blind, settings.reviews_needed) == ("The tides", True, 2)
    assert Revision.objects.get(collection__slug="tides").author is None


@pytest.mark.parametrize("slug", ["desk", "no slug", "ÄÖ"])
def test_create_collection_refuses_a_taken_or_odd_slug(desk, slug):
    with pytest.raises(CommandError):
        run("create_collection", slug)
    assert Revision.objects.count() == 1


def test_add_member_gives_a_role_and_changes_it(desk, sam):
    run("add_member", "desk", "sam", "viewer")
    run("add_member", "desk", "sam", "editor")
    assert Membership.objects.get(user=sam).role == "editor"


def test_add_member_says_who_is_a_lawyer(desk, sam):
    for args, is_lawyer in ((["--lawyer"], True), ([], True), (["--no-lawyer"], False)):
        run("add_member", "desk", "sam", "viewer", *args)
        assert Membership.objects.get(user=sam).is_lawyer == is_lawyer


@pytest.mark.parametrize(
    "args", [("nowhere", "sam", "viewer"), ("desk", "nobody", "viewer"), ("desk", "sam", "king")]
)
def test_add_member_names_what_is_not_there(desk, sam, args):
    with pytest.raises(CommandError):
        run("add_member", *args)


def test_create_token_ends_with_the_token_alone(desk, ana):
    said = run("create_token", "ana", "--collection", "desk")
    secret = said.splitlines()[-1]
    token = ApiToken.objects.get()
    assert re.fullmatch(r"[0-9a-f]{64}", secret)
    assert (token.user, token.scope, [c.slug for c in token.collections.all()]) == (ana, "read", ["desk"])
    assert Client().get("/api/v1/collections/desk/", HTTP_AUTHORIZATION=f"Token {secret}").status_code == 200


def test_create_token_names_what_is_not_there(desk, ana):
    with pytest.raises(CommandError, match="nobody"):
        run("create_token", "nobody", "--collection", "desk")
    with pytest.raises(CommandError, match="nowhere"):
        run("create_token", "ana", "--collection", "desk", "--collection", "nowhere")
    with pytest.raises(CommandError, match="take another name"):
        run("create_token", "ana", "--collection", "desk", "--name", "Links to exports")
    assert not ApiToken.objects.exists()


def test_first_admin_link_makes_a_superuser_once(client):
    said = run("first_admin_link")
    admin = User.objects.get()
    assert (admin.username, admin.is_superuser, admin.has_usable_password()) == ("admin", True, False)
    run("first_admin_link")
    assert User.objects.count() == 1
    path = re.search(r"/accounts/link/\S+", said)[0]
    password = {"new_password1": "three blue herons", "new_password2": "three blue herons"}
    assert client.post(path, password).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_first_admin_link_raises_nobody(ana):
    with pytest.raises(CommandError):
        run("first_admin_link", "--username", "ana")
    assert not User.objects.filter(is_superuser=True).exists()


def test_import_articles_takes_files_and_directories(desk, tmp_path):
    (tmp_path / "one.txt").write_text(
        "Ferries carried more than ever\n\nThe ferries carried 12,000 people in May.\n"
    )
    (tmp_path / "two.html").write_text(
        "<h1>Bridges counted</h1><p>There are 31 bridges in the harbour today.</p>"
    )
    (tmp_path / "three.jpg").write_bytes(b"\xff\xd8")
    said = run("import_articles", str(tmp_path), "--collection", "desk")
    assert "2 of 2 files are in desk." in said
    assert Article.objects.count() == 2
    assert ArticleDetails.objects.current().filter(title="Ferries carried more than ever").exists()
    assert "already there" in run("import_articles", str(tmp_path / "one.txt"), "--collection", "desk")


def test_import_articles_names_what_it_refuses_and_imports_the_rest(desk, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "one.txt").write_text("Ferries carried more than ever.\n")
    with pytest.raises(CommandError, match=r"empty\.txt, gone\.txt"):
        run(
            "import_articles",
            *(str(tmp_path / f"{n}.txt") for n in ("empty", "one", "gone")),
            collection="desk",
        )
    assert Article.objects.count() == 1


def test_import_articles_takes_reference_texts(desk, tmp_path):
    (tmp_path / "speech.txt").write_text("Speech\n\nTwo ferries could open next year, the mayor said.\n")
    run("import_articles", str(tmp_path / "speech.txt"), "--reference", collection="desk")
    assert ArticleDetails.objects.current().get().role == "reference"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_import_articles_takes_a_list_with_what_is_known(desk, tmp_path, form):
    (tmp_path / "speech.txt").write_text("Two ferries could open next year, the mayor said in the morning.\n")
    (tmp_path / "paper.txt").write_text("Ferries to open\n\nTwo ferries will open next year, she said.\n")
    lists = {
        "csv": "file,role,title,publisher,published_on\nspeech.txt,reference,The speech,City,2026-03-04\n"
        "paper.txt,,,,\n",
        "json": json.dumps(
            [
                {"file": "speech.txt", "role": "reference", "title": "The speech", "publisher": "City"}
                | {"published_on": "2026-03-04"},
                {"file": "paper.txt", "publisher": None},
            ]
        ),
    }
    (tmp_path / f"list.{form}").write_text(lists[form])
    said = run("import_articles", "--manifest", str(tmp_path / f"list.{form}"), collection="desk")
    assert "2 of 2 files are in desk." in said
    speech = ArticleDetails.objects.current().get(role="reference")
    assert (speech.title, speech.publisher, str(speech.published_on)) == ("The speech", "City", "2026-03-04")
    assert ArticleDetails.objects.current().get(role="checked").title == "Ferries to open"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("file,kind\na.txt,x", "no field kind"),
        ("file,role\na.txt,origin", "role is one of checked, reference"),
        ("file,published_on\na.txt,4 May", "2026-03-31"),
        ("file,url\na.txt,javascript:x", "https://"),
        ("title\nNo file", "names no file"),
    ],
)
def test_a_list_with_a_fault_imports_nothing(desk, tmp_path, entry, words):
    (tmp_path / "a.txt").write_text("Ferries carried more than ever.\n")
    (tmp_path / "list.csv").write_text(entry)
    with pytest.raises(CommandError, match=words):
        run(
            "import_articles",
            str(tmp_path / "a.txt"),
            "--manifest",
            str(tmp_path / "list.csv"),
            collection="desk",
        )
    assert not Article.objects.exists()


def test_nothing_named_is_nothing_imported(desk):
    with pytest.raises(CommandError, match="Nothing to import"):
        run("import_articles", collection="desk")

import annotations.models.collections
import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("head", models.PositiveIntegerField(default=0, editable=False)),
                ("epoch", models.PositiveIntegerField(default=1, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                ("display_name", models.CharField(blank=True, max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("service", "Service")],
                        default="person",
                        max_length=10,
                    ),
                ),
                (
                    "show_name",
                    models.BooleanField(
                        default=False,
                        help_text="Exports show your name instead of a pseudonym, where the collection agrees too.",
                        verbose_name="name in exports",
                    ),
                ),
                ("anonymised_at", models.DateTimeField(editable=False, null=True)),
                ("preferences", models.JSONField(default=dict, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["person", "service"])), name="user_kind_known"
                    )
                ],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="annotations.article",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "sha256"), name="article_text_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("checking", "Checking"),
                            ("with_author", "With the author"),
                            ("cleared", "Cleared"),
                        ],
                        default="waiting",
                        max_length=11,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, max_length=2000)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work",
                        to="annotations.article",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="article_work_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="article_work_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "owner", "due_at"],
                        name="article_work_owner",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "due_at"],
                        name="article_work_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("article",),
                        name="article_work_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="article_work_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["waiting", "checking", "with_author", "cleared"])),
                        name="article_work_stage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("byline", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(null=True)),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("language", models.CharField(blank=True, max_length=35)),
                (
                    "direction",
                    models.CharField(
                        choices=[("ltr", "Left to right"), ("rtl", "Right to left")],
                        default="ltr",
                        max_length=3,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("checked", "To be checked"), ("reference", "Reference")],
                        default="checked",
                        max_length=10,
                    ),
                ),
                ("blocks", models.JSONField(default=list)),
                ("derived_from", models.JSONField(default=list)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="annotations.article",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["collection", "created_in", "article"], name="article_details_created"
                    ),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in", "article"],
                        name="article_details_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "article"],
                        name="article_live",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647), ("role", "reference")),
                        fields=["collection", "article"],
                        name="article_live_reference",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "published_on", "article"],
                        name="article_live_published",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "publisher"],
                        name="article_live_publisher",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "title", "article"],
                        name="article_live_title",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("article",),
                        name="article_details_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="article_details_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["ltr", "rtl"])), name="article_direction_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["checked", "reference"])), name="article_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "Read"), ("write", "Read and write")], default="read", max_length=5
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collections",
                    models.ManyToManyField(blank=True, related_name="+", to="annotations.collection"),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "write"])), name="token_scope_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("name", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, max_length=10000)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("license", models.CharField(blank=True, max_length=100)),
                ("blind", models.BooleanField(default=False)),
                (
                    "reviews_needed",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("verified_needs_source", models.BooleanField(default=True)),
                ("text_exportable", models.BooleanField(default=True)),
                ("show_names", models.BooleanField(default=False)),
                ("public", models.BooleanField(default=False)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="settings_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="settings_retired",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("collection",),
                        name="settings_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="settings_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reviews_needed__gte", 1)),
                        name="settings_reviews_needed_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("viewer", "Viewer"), ("reviewer", "Reviewer"), ("editor", "Editor")],
                        max_length=10,
                    ),
                ),
                (
                    "pseudonym",
                    models.CharField(
                        default=annotations.models.collections.new_pseudonym, editable=False, max_length=40
                    ),
                ),
                ("started", models.DateTimeField(auto_now_add=True)),
                ("ended", models.DateTimeField(blank=True, null=True)),
                ("is_lawyer", models.BooleanField(default=False, verbose_name="lawyer")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="annotations.collection",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "user"), name="membership_one_per_user"),
                    models.UniqueConstraint(
                        fields=("collection", "pseudonym"), name="membership_pseudonym_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "reviewer", "editor"])),
                        name="membership_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("action", models.CharField(max_length=40)),
                ("idempotency_key", models.CharField(max_length=100, null=True)),
                ("request_digest", models.CharField(max_length=64, null=True)),
                ("result", models.JSONField(default=dict)),
                ("tally", models.JSONField(default=dict)),
                ("articles", models.PositiveIntegerField(default=0)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "ordering": ["collection", "number"],
                "indexes": [
                    models.Index(fields=["collection", "author", "number"], name="revision_author"),
                    models.Index(fields=["collection", "created_at"], name="revision_day"),
                    models.Index(fields=["collection", "action", "number"], name="revision_action"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "number"), name="revision_number_unique"),
                    models.UniqueConstraint(
                        condition=models.Q(("idempotency_key__isnull", False)),
                        fields=("collection", "author", "idempotency_key"),
                        name="revision_key_unique",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("query", models.CharField(max_length=2000)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("collection", "user", "name"), name="saved_filter_name_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("web", "Web page"),
                            ("document", "Document"),
                            ("image", "Picture"),
                            ("person", "Person"),
                            ("calculation", "Calculation"),
                            ("recording", "Recording"),
                            ("article", "Article of this collection"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        choices=[("public", "Public"), ("desk", "Desk"), ("legal", "Legal")],
                        default="public",
                        max_length=6,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cited_as",
                        to="annotations.article",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article__isnull", False), ("kind", "article")),
                            models.Q(models.Q(("kind", "article"), _negated=True), ("article__isnull", True)),
                            _connector="OR",
                        ),
                        name="source_article_iff_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["web", "document", "image", "person", "calculation", "recording", "article"],
                            )
                        ),
                        name="source_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tier__in", ["public", "desk", "legal"])),
                        name="source_tier_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("url", models.URLField(blank=True, max_length=2000)),
                ("archived_url", models.URLField(blank=True, max_length=2000)),
                ("captured_at", models.DateTimeField(null=True)),
                ("published_on", models.DateField(null=True)),
                ("accessed_on", models.DateField(null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("person_role", models.CharField(blank=True, max_length=200)),
                ("reached_how", models.CharField(blank=True, max_length=200)),
                ("reached_on", models.DateField(null=True)),
                ("on_record", models.BooleanField(null=True)),
                ("note", models.TextField(blank=True, max_length=10000)),
                ("is_primary", models.BooleanField(default=False)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="annotations.source",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="source_details_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="source_details_retired",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("source",),
                        name="source_details_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="source_details_retired_after_created",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Span",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                (
                    "aspect",
                    models.CharField(
                        choices=[
                            ("fact", "What is claimed"),
                            ("said", "That it was said"),
                            ("wording", "The wording"),
                        ],
                        default="fact",
                        max_length=7,
                    ),
                ),
                ("quote", models.TextField()),
                ("prefix", models.CharField(blank=True, max_length=32)),
                ("suffix", models.CharField(blank=True, max_length=32)),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spans",
                        to="annotations.article",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "start", "end", "aspect"), name="span_place_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="span_not_empty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("aspect__in", ["fact", "said", "wording"])),
                        name="span_aspect_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("reason", models.TextField(max_length=2000)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_back",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="sent_back_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="sent_back_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "reviewer", "span"],
                        name="sent_back_reviewer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span", "reviewer"),
                        name="sent_back_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="sent_back_retired_after_created",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("disputed", "Disputed"),
                            ("needs_source", "Needs source"),
                        ],
                        max_length=12,
                    ),
                ),
                ("rationale", models.TextField(max_length=10000)),
                ("should_read", models.TextField(blank=True, max_length=10000)),
                ("true_as_of", models.DateField(null=True)),
                ("check_again_on", models.DateField(null=True)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="ruling_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="ruling_retired",
                    ),
                    models.Index(
                        condition=models.Q(("check_again_on__isnull", False), ("retired_in", 2147483647)),
                        fields=["collection", "check_again_on", "span"],
                        name="ruling_check_again",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span",),
                        name="ruling_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="ruling_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["verified", "disputed", "needs_source"])),
                        name="ruling_verdict_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrivateNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=10000)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="annotations.span"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("span", "author"), name="private_note_one_per_claim")
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("comment", models.CharField(max_length=24)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="mention_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="mention_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "person", "span"],
                        name="mention_person",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("collection", "comment", "person"),
                        name="mention_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="mention_retired_after_created",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("question", models.TextField(blank=True, max_length=2000)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("asked", "Legal read asked for"),
                            ("cleared", "Cleared by a lawyer"),
                            ("objected", "A lawyer objects"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("said", models.TextField(blank=True, max_length=10000)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "lawyer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="legal_reads",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="legal_read_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="legal_read_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "answer", "span"],
                        name="legal_read_answer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span",),
                        name="legal_read_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="legal_read_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "asked"), ("lawyer__isnull", True), ("sha256", "")),
                            models.Q(
                                ("answer__in", ["cleared", "objected"]),
                                ("lawyer__isnull", False),
                                models.Q(("sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="legal_read_answered_by_a_lawyer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("key", models.CharField(max_length=24)),
                ("locator", models.CharField(blank=True, max_length=300)),
                ("excerpt", models.TextField(blank=True, max_length=10000)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "Supports"),
                            ("contradicts", "Contradicts"),
                            ("background", "Background"),
                        ],
                        default="supports",
                        max_length=11,
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="annotations.source",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="evidence_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="evidence_retired",
                    ),
                    models.Index(fields=["added_by", "collection", "id"], name="evidence_cited_last"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("collection", "key"),
                        name="evidence_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="evidence_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stance__in", ["supports", "contradicts", "background"])),
                        name="evidence_stance_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("key", models.CharField(default="", max_length=24)),
                ("reads", models.TextField(max_length=10000)),
                ("should_read", models.TextField(max_length=10000)),
                ("public_text", models.TextField(max_length=10000)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="correction_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="correction_retired",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "published_at", "span"],
                        name="correction_published",
                    ),
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["collection", "key"],
                        name="correction_ever_published",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span",),
                        name="correction_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="correction_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True), ("approved_by__isnull", False), _connector="OR"
                        ),
                        name="correction_published_is_approved",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                ("key", models.CharField(max_length=24)),
                ("text", models.TextField(max_length=10000)),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="comment_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="comment_retired",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("collection", "key"),
                        name="comment_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="comment_retired_after_created",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("to_check", "To check"),
                            ("open", "Open"),
                            ("agreed", "Agreed"),
                            ("contested", "Reviewers disagree"),
                            ("ruled", "Decided"),
                            ("not_checkable", "Not checkable"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("disputed", "Disputed"),
                            ("needs_source", "Needs source"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("counts", models.JSONField(default=dict)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="states",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in", "span"], name="claim_state_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in", "span"],
                        name="claim_state_retired",
                    ),
                    models.Index(
                        fields=["collection", "span", "created_in", "retired_in"], name="claim_state_history"
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "status", "verdict", "span"],
                        name="claim_state_live",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span",),
                        name="claim_state_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="claim_state_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["to_check", "open", "agreed", "contested", "ruled", "not_checkable"],
                            )
                        ),
                        name="claim_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__isnull", True),
                            ("verdict__in", ["verified", "disputed", "needs_source"]),
                            _connector="OR",
                        ),
                        name="claim_verdict_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "kind",
                    models.CharField(
                        choices=[("moved", "Moved to"), ("merged", "Merged into"), ("part", "Has as a part")],
                        max_length=6,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to",
                        to="annotations.span",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="claim_link_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="claim_link_retired",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span", "other", "kind"),
                        name="claim_link_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="claim_link_retired_after_created",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["moved", "merged"]), ("retired_in", 2147483647)),
                        fields=("span",),
                        name="claim_link_one_way_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["moved", "merged", "part"])),
                        name="claim_link_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("span", models.F("other")), _negated=True),
                        name="claim_link_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="annotations.article",
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="assignment_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="assignment_retired",
                    ),
                    models.Index(fields=["article", "span"], name="assignment_history"),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["span"],
                        name="assignment_span",
                    ),
                    models.Index(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=["collection", "reviewer", "article", "span"],
                        name="assignment_reviewer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("article", "span", "reviewer"),
                        name="assignment_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="assignment_retired_after_created",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647), ("span__isnull", True)),
                        fields=("article", "reviewer"),
                        name="assignment_article_one_live",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_in", models.PositiveIntegerField()),
                ("retired_in", models.PositiveIntegerField(default=2147483647)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("verified", "Verified"),
                            ("disputed", "Disputed"),
                            ("needs_source", "Needs source"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.TextField(blank=True, max_length=10000)),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("figure", "Figure"),
                            ("subject", "Subject"),
                            ("date", "Date"),
                            ("name", "Name"),
                            ("wording", "Wording"),
                            ("attribution", "Attribution"),
                            ("missing_context", "Missing context"),
                            ("outdated", "Outdated"),
                            ("overstated", "Overstated"),
                            ("sources_conflict", "Sources conflict"),
                        ],
                        max_length=20,
                    ),
                ),
                ("should_read", models.TextField(blank=True, max_length=10000)),
                ("must_fix", models.BooleanField(default=False)),
                (
                    "confidence",
                    models.PositiveSmallIntegerField(
                        null=True, validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
                ("asked", models.CharField(blank=True, max_length=300)),
                ("due_on", models.DateField(null=True)),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "span",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotations",
                        to="annotations.span",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["collection", "created_in"], name="annotation_created"),
                    models.Index(
                        condition=models.Q(("retired_in__lt", 2147483647)),
                        fields=["collection", "retired_in"],
                        name="annotation_retired",
                    ),
                    models.Index(
                        condition=models.Q(("problem__gt", ""), ("retired_in", 2147483647)),
                        fields=["collection", "problem"],
                        name="annotation_problem",
                    ),
                    models.Index(
                        condition=models.Q(("due_on__isnull", False), ("retired_in", 2147483647)),
                        fields=["reviewer", "due_on"],
                        name="annotation_answer_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_in", 2147483647)),
                        fields=("span", "reviewer"),
                        name="annotation_one_live",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retired_in__gt", models.F("created_in"))),
                        name="annotation_retired_after_created",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["verified", "disputed", "needs_source"])),
                        name="annotation_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "problem__in",
                                [
                                    "",
                                    "figure",
                                    "subject",
                                    "date",
                                    "name",
                                    "wording",
                                    "attribution",
                                    "missing_context",
                                    "outdated",
                                    "overstated",
                                    "sources_conflict",
                                ],
                            )
                        ),
                        name="annotation_problem_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence__isnull", True), ("confidence__lte", 100), _connector="OR"
                        ),
                        name="annotation_confidence_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "needs_source"),
                            models.Q(("asked", ""), ("due_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="annotation_asked_for_a_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Undoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("undid", models.PositiveIntegerField()),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["collection", "number"], name="undoing_number")],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "undid", "number"), name="undoing_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", models.F("undid"))), name="undoing_of_the_past"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("before", models.PositiveIntegerField(null=True)),
                ("before_at", models.DateTimeField(null=True)),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="annotations.collection",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "user"), name="visit_one_per_person")
                ],
            },
        ),
    ]

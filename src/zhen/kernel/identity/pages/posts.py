"""Posts: who does what for whom, since when, and who deputises."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Duty
from zhen.kernel.identity.actions.posts import deputise, end_post
from zhen.kernel.identity.forms import DeputyForm, EndPostForm
from zhen.kernel.identity.models import Post
from zhen.kernel.identity.pages.people import DIRECTORY, POST_COLUMNS, role_choices, role_name
from zhen.kernel.identity.queries import all_posts, deputisable, held_on, post
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Params,
)

MANAGE = "identity.post.manage"


def rows(actor: Actor, _params: Params) -> QuerySet[Post]:
    return all_posts(actor)


def by_role(found: QuerySet[Post], role: str) -> QuerySet[Post]:
    return found.filter(role=role)


def by_time(found: QuerySet[Post], value: str) -> QuerySet[Post]:
    today = clock.today()
    return {
        "held": found.filter(held_on(today)),
        "ended": found.filter(valid_to__lte=today),
        "coming": found.filter(valid_from__gt=today),
    }[value]


def search(found: QuerySet[Post], words: str) -> QuerySet[Post]:
    return found.filter(Q(user__name__icontains=words) | Q(unit__name__icontains=words))


def facts(_actor: Actor, subject: Post) -> list[Fact]:
    return [
        Fact(label=_("person"), value=str(subject.user)),
        Fact(label=_("role"), value=role_name(subject)),
        Fact(label=_("unit"), value=str(subject.unit)),
        Fact(label=_("area"), value=str(subject.area or "")),
        Fact(label=_("deputises"), value=str(subject.deputises.user) if subject.deputises else ""),
        Fact(label=_("from"), value=subject.valid_from, kind=Kind.DATE),
        Fact(label=_("to"), value=subject.valid_to, kind=Kind.DATE),
    ]


def deputies(_actor: Actor, subject: Post) -> QuerySet[Post]:
    return subject.deputies.select_related("user").order_by("-valid_from")


def save_end(actor: Actor, subject: Post, form: EndPostForm) -> str:
    end_post(actor, subject, **form.cleaned_data)
    return reverse("page:identity.posts")


def save_deputy(actor: Actor, subject: Post, form: DeputyForm) -> str:
    deputise(actor, subject, **form.cleaned_data)
    return reverse("page:identity.post", kwargs={"key": str(subject.pk)})


def open_post(_actor: Actor, subject: Post) -> bool:
    return subject.valid_to is None or subject.valid_to > clock.today()


def may_deputise(actor: Actor, subject: Post) -> bool:
    own = actor.user_id == subject.user_id and subject.duty == Duty.BUSINESS
    return subject.deputises_id is None and open_post(actor, subject) and (own or actor.may(MANAGE))


POSTS = (
    ListPage(
        id="identity.posts",
        title=_("Posts"),
        menu=_("Posts"),
        icon="id-card",
        order=830,
        permission=DIRECTORY,
        rows=rows,
        columns=(Column(id="person", label=_("person"), value="user", sort="user__name_key"), *POST_COLUMNS),
        filters=(
            Filter(id="role", label=_("role"), apply=by_role, choices=role_choices),
            Filter(
                id="time",
                label=_("Time"),
                apply=by_time,
                choices=(
                    Choice(value="held", label=_("held today")),
                    Choice(value="coming", label=_("coming")),
                    Choice(value="ended", label=_("ended")),
                ),
            ),
        ),
        search=search,
        order_by=("unit__order", "unit__name_key", "user__name_key", "id"),
        detail="identity.post",
        empty=_("No post matches. The security administrator gives them on a person's page."),
    ),
    DetailPage(
        id="identity.post",
        title=_("post"),
        permission=DIRECTORY,
        subject=post,
        heading=lambda subject: f"{subject.user} · {role_name(subject)}",
        panels=(
            Panel(id="facts", title=_("post"), form="facts", source=facts),
            Panel(
                id="deputies",
                title=_("Deputies"),
                form="table",
                source=deputies,
                columns=(
                    Column(id="person", label=_("person"), value="user"),
                    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                    Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
                ),
                empty=_("No deputy has been named."),
            ),
        ),
        buttons=(
            Button(id="end", label=_("End the post"), permission=MANAGE, form="identity.post_end", shown=open_post),
            Button(
                id="deputise",
                label=_("Name a deputy"),
                permission=DIRECTORY,
                form="identity.post_deputise",
                shown=may_deputise,
            ),
        ),
    ),
    FormPage(
        id="identity.post_end",
        title=_("End a post"),
        permission=MANAGE,
        subject=post,
        form=lambda _actor, _subject, data, _files: EndPostForm(data),
        save=save_end,
        submit=_("End the post"),
        draft=False,
    ),
    FormPage(
        id="identity.post_deputise",
        title=_("Name a deputy"),
        intro=_("The deputy acts in this post for some days; it ends with the post itself."),
        permission=DIRECTORY,
        subject=deputisable,
        form=lambda _actor, _subject, data, _files: DeputyForm(data),
        save=save_deputy,
        submit=_("Name the deputy"),
    ),
)

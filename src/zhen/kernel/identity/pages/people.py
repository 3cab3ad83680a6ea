"""People: the directory, one person, and what administrators do about an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import ROLES, Actor
from zhen.kernel.identity.actions.posts import give_post, hand_over
from zhen.kernel.identity.actions.users import deactivate, edit_user, end_sessions, reactivate, reset_second_factors
from zhen.kernel.identity.forms import HandOverForm, PersonForm, PostForm, ReasonForm
from zhen.kernel.identity.models import Post, User
from zhen.kernel.identity.queries import held_on, people, person, posts_on
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Tone,
)

DIRECTORY = "identity.directory.read"


def with_posts(actor: Actor, _params: Params) -> QuerySet[User]:
    held = posts_on(clock.today()).select_related("unit")
    return people(actor).prefetch_related(Prefetch("posts", queryset=held, to_attr="held"))


def role_name(post: Post) -> str:
    role = ROLES.get(post.role)
    return str(role.name) if role else post.role


def posts_of(user: Any) -> str:
    return "；".join(f"{post.unit} · {role_name(post)}" for post in user.held)


def state(user: User) -> Chip:
    if not user.is_active:
        return Chip(text=_("deactivated"), tone=Tone.BEHIND)
    if user.is_machine:
        return Chip(text=_("machine account"))
    return Chip(text=pgettext_lazy("account", "active"), tone=Tone.ON_TRACK)


def found(rows: QuerySet[User], words: str) -> QuerySet[User]:
    return rows.filter(Q(name__icontains=words) | Q(username__icontains=words) | Q(name_key__startswith=words.lower()))


def by_role(rows: QuerySet[User], role: str) -> QuerySet[User]:
    return rows.filter(held_on(clock.today(), "posts__"), posts__role=role).distinct()


def by_state(rows: QuerySet[User], value: str) -> QuerySet[User]:
    return {
        "active": rows.filter(is_active=True, is_machine=False),
        "machine": rows.filter(is_machine=True),
        "deactivated": rows.filter(is_active=False),
    }[value]


def role_choices(_actor: Actor) -> Sequence[Choice]:
    return [Choice(value=role.id, label=role.name) for role in ROLES]


def facts(actor: Actor, user: User) -> list[Fact]:
    """A colleague sees the name; an address is for those who administer accounts, and for oneself."""
    told = [Fact(label=_("User name"), value=user.username)]
    if actor.user_id == user.pk or actor.may("identity.user.manage") or actor.administers:
        told += [Fact(label=_("e-mail"), value=user.email), Fact(label=_("phone"), value=user.phone)]
    return [*told, Fact(label=_("created"), value=user.created_at, kind=Kind.TIME)]


def all_posts(_actor: Actor, user: User) -> QuerySet[Post]:
    return user.posts.select_related("unit", "area").order_by("-valid_from", "-id")


def links(_actor: Actor, user: User) -> list[Link]:
    if user.is_machine:
        return [Link(text=_("Keys for programs"), url=reverse("account_tokens_of", args=[user.pk]))]
    return [Link(text=_("Make a new one-time link"), url=reverse("account_renew_link", args=[user.pk]))]


def save_post(actor: Actor, user: User, form: PostForm) -> str:
    give_post(actor, user=user, **form.cleaned_data)
    return of(user)


def save_person(actor: Actor, user: User, form: PersonForm) -> str:
    edit_user(actor, user, **form.cleaned_data)
    return of(user)


def save_hand_over(actor: Actor, user: User, form: HandOverForm) -> str:
    hand_over(actor, user=user, **form.cleaned_data)
    return of(user)


def save_deactivation(actor: Actor, user: User, form: ReasonForm) -> str:
    deactivate(actor, user, on=clock.today(), reason=form.cleaned_data["reason"])
    return of(user)


def save_reactivation(actor: Actor, user: User, form: ReasonForm) -> str:
    reactivate(actor, user, reason=form.cleaned_data["reason"])
    return of(user)


def save_sign_out(actor: Actor, user: User, form: ReasonForm) -> str:
    end_sessions(actor, user, reason=form.cleaned_data["reason"])
    return of(user)


def save_reset(actor: Actor, user: User, form: ReasonForm) -> str:
    reset_second_factors(actor, user, reason=form.cleaned_data["reason"])
    return of(user)


def of(user: User) -> str:
    return reverse("page:identity.person", kwargs={"key": str(user.pk)})


def active(_actor: Actor, user: User) -> bool:
    return user.is_active


def asks_reason(_actor: Actor, _subject: Any, data: Any, _files: Any) -> ReasonForm:
    return ReasonForm(data)


def invite_address(_actor: Actor, _subject: Any, _data: Any) -> str:
    return reverse("account_invite")


POST_COLUMNS = (
    Column(id="role", label=_("role"), value=role_name),
    Column(id="unit", label=_("unit"), value="unit"),
    Column(id="area", label=_("area"), value="area"),
    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
    Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
)

PEOPLE = (
    ListPage(
        id="identity.people",
        title=_("People"),
        menu=_("People"),
        icon="users",
        order=810,
        permission=DIRECTORY,
        rows=with_posts,
        columns=(
            Column(id="name", label=_("Name"), value="name", sort="name_key"),
            Column(id="posts", label=_("Posts"), value=posts_of),
            Column(id="state", label=_("State"), value=state, kind=Kind.CHIP),
        ),
        filters=(
            Filter(id="role", label=_("role"), apply=by_role, choices=role_choices),
            Filter(
                id="state",
                label=_("State"),
                apply=by_state,
                choices=(
                    Choice(value="active", label=pgettext_lazy("account", "active")),
                    Choice(value="machine", label=_("machine account")),
                    Choice(value="deactivated", label=_("deactivated")),
                ),
            ),
        ),
        search=found,
        order_by=("name_key", "id"),
        detail="identity.person",
        buttons=(Button(id="invite", label=_("New account"), permission="identity.user.manage", run=invite_address),),
        empty=_("Nobody matches."),
    ),
    DetailPage(
        id="identity.person",
        title=_("Person"),
        permission=DIRECTORY,
        subject=person,
        heading=str,
        chips=lambda user: (state(user),),
        panels=(
            Panel(id="facts", title=_("Account"), form="facts", source=facts),
            Panel(id="links", title=_("Signing in"), form="links", source=links, permission="identity.user.manage"),
            Panel(
                id="posts",
                title=_("Posts"),
                form="table",
                source=all_posts,
                columns=POST_COLUMNS,
                wide=True,
                empty=_("No post: this person can only read what is public."),
            ),
            Panel(
                id="history",
                title=_("History"),
                form="timeline",
                source=lambda _actor, user: journal.timeline(user),
                permission="identity.post.manage",
                wide=True,
            ),
        ),
        buttons=(
            Button(
                id="post",
                label=_("Give a post"),
                permission="identity.post.manage",
                form="identity.post_new",
                shown=active,
            ),
            Button(
                id="hand_over",
                label=_("Hand over posts"),
                permission="identity.post.manage",
                form="identity.handover",
                shown=active,
            ),
            Button(
                id="edit", label=_("Change"), permission="identity.user.manage", form="identity.person_edit", key="e"
            ),
            Button(
                id="sign_out",
                label=_("Sign out everywhere"),
                permission="identity.session.manage",
                form="identity.person_sign_out",
            ),
            Button(
                id="reset",
                label=_("Reset second factors"),
                permission="identity.factor.reset",
                form="identity.person_reset",
            ),
            Button(
                id="deactivate",
                label=_("Deactivate"),
                permission="identity.user.manage",
                form="identity.person_deactivate",
                shown=active,
            ),
            Button(
                id="reactivate",
                label=_("Reactivate"),
                permission="identity.user.manage",
                form="identity.person_reactivate",
                shown=lambda _actor, user: not user.is_active,
            ),
        ),
    ),
    FormPage(
        id="identity.post_new",
        title=_("Give a post"),
        permission="identity.post.manage",
        subject=person,
        form=lambda _actor, _user, data, _files: PostForm(data),
        save=save_post,
        submit=_("Give the post"),
    ),
    FormPage(
        id="identity.handover",
        title=_("Hand over posts"),
        intro=_("All posts of this person end on the day and begin for the successor."),
        permission="identity.post.manage",
        subject=person,
        form=lambda _actor, _user, data, _files: HandOverForm(data),
        save=save_hand_over,
        submit=_("Hand over"),
    ),
    FormPage(
        id="identity.person_edit",
        title=_("Change an account"),
        permission="identity.user.manage",
        subject=person,
        form=lambda _actor, user, data, _files: PersonForm(
            data, initial={"name": user.name, "email": user.email, "phone": user.phone}
        ),
        save=save_person,
        submit=_("Save"),
    ),
    FormPage(
        id="identity.person_deactivate",
        title=_("Deactivate an account"),
        intro=_("At once: no sign-in, all sessions and keys end, all posts end today."),
        permission="identity.user.manage",
        subject=person,
        form=asks_reason,
        save=save_deactivation,
        submit=_("Deactivate"),
        draft=False,
    ),
    FormPage(
        id="identity.person_reactivate",
        title=_("Reactivate an account"),
        intro=_("The posts stay ended; they are given anew."),
        permission="identity.user.manage",
        subject=person,
        form=asks_reason,
        save=save_reactivation,
        submit=_("Reactivate"),
        draft=False,
    ),
    FormPage(
        id="identity.person_sign_out",
        title=_("Sign somebody out everywhere"),
        permission="identity.session.manage",
        subject=person,
        form=asks_reason,
        save=save_sign_out,
        submit=_("Sign out everywhere"),
        draft=False,
    ),
    FormPage(
        id="identity.person_reset",
        title=_("Reset second factors"),
        intro=_("For somebody who has lost them. He is signed out, and adds new ones after signing in again."),
        permission="identity.factor.reset",
        subject=person,
        form=asks_reason,
        save=save_reset,
        submit=_("Reset second factors"),
        draft=False,
    ),
)

__all__ = ["PEOPLE"]

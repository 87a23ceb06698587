"""The pages of a collection for its owners: making it, settings, members, deletion."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.auth import access
from documents.errors import ConfirmationMissing
from documents.library import (
    QueueUnavailable,
    add_member,
    change_member,
    create_collection,
    delete_collection,
    remove_member,
    save_collection,
)
from documents.models import Collection, CollectionMember, Role
from documents.models.permissions import may_create_collections
from frontend.account import reauthentication_required
from frontend.collection.forms import CollectionChangeForm, CollectionSettingsForm, MemberForm
from frontend.messages import translate_message
from frontend.page_methods import require_safe_or_post

Save = Callable[[HttpRequest, CollectionSettingsForm], HttpResponse]
# Whoever changes these is asked for the password once more.
AUDIENCE = ("visibility", "internal_role")


@login_required
@require_safe_or_post
def new_collection(request: HttpRequest) -> HttpResponse:
    if not may_create_collections(request.user):
        raise PermissionDenied
    form = CollectionSettingsForm(request.POST or None)
    if not form.is_valid():
        return render(request, "frontend/collection/new.html", {"form": form})
    made = create_collection(form.save(commit=False), request.user)
    messages.success(request, _("The collection “%(name)s” was created.") % {"name": made.name})
    return redirect("collection", made.slug)


@login_required
@require_safe_or_post
def collection_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Settings and members; sent, the settings are saved."""
    found = access.changeable_collection(request.user, slug)
    form = CollectionChangeForm(request.POST or None, instance=found)
    if not form.is_valid():
        return _page(request, found, form, MemberForm(found))
    opened = any(form.cleaned_data[name] != form.initial[name] for name in AUDIENCE)
    save = _save_audience if opened else _save
    return save(request, form)


def _save(request: HttpRequest, form: CollectionSettingsForm) -> HttpResponse:
    """Asks first where more people would see its documents."""
    changed = form.save(commit=False)
    try:
        save_collection(changed, request.user, confirmed="confirmed" in request.POST)
    except ConfirmationMissing:
        context = {"collection": changed, "values": form.cleaned_data}
        return render(request, "frontend/collection/widen.html", context)
    except QueueUnavailable as error:
        messages.error(request, translate_message(error.message))
    else:
        messages.success(request, _("The settings were saved."))
    return redirect("collection", changed.slug)


_save_audience: Save = reauthentication_required(_save)


@login_required
@require_POST
def add_collection_member(request: HttpRequest, slug: str) -> HttpResponse:
    return _add_member(request, access.collection_of_members(request.user, slug))


@reauthentication_required
def _add_member(request: HttpRequest, found: Collection) -> HttpResponse:
    form = MemberForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, CollectionChangeForm(instance=found), form)
    add_member(found, form.cleaned_data["name"], form.cleaned_data["role"], request.user)
    return redirect("collection", found.slug)


@login_required
@require_POST
def change_collection_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Gives a member another role, or none; asks first where it is the last owner."""
    found = access.collection_of_members(request.user, slug)
    return _change_member(request, found, get_object_or_404(found.members, pk=pk))


@reauthentication_required
def _change_member(
    request: HttpRequest, found: Collection, member: CollectionMember
) -> HttpResponse:
    role, confirmed = request.POST.get("role", ""), "confirmed" in request.POST
    try:
        if "remove" in request.POST:
            remove_member(member, request.user, confirmed=confirmed)
        elif role in Role.values:
            change_member(member, role, request.user, confirmed=confirmed)
    except ConfirmationMissing:
        context = {"collection": found, "member": member, "role": role}
        context["removed"] = "remove" in request.POST
        return render(request, "frontend/collection/last_owner.html", context)
    still = Collection.objects.with_role(request.user, Role.OWNER).filter(pk=found.pk).exists()
    return redirect("collection", found.slug) if still else redirect("library")


@login_required
@require_safe_or_post
def remove_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first; with documents in it, for its name."""
    return _remove(request, access.deletable_collection(request.user, slug))


@reauthentication_required
def _remove(request: HttpRequest, found: Collection) -> HttpResponse:
    context = {"collection": found, "count": found.documents.count(), "wrong": False}
    if request.method == "POST":
        try:
            delete_collection(found, request.user, confirmed_name=request.POST.get("name", ""))
        except ConfirmationMissing:
            context["wrong"] = True
        else:
            text = _("The collection “%(name)s” was deleted.") % {"name": found.name}
            messages.success(request, text)
            return redirect("library")
    return render(request, "frontend/collection/delete.html", context)


def _page(
    request: HttpRequest, found: Collection, form: forms.BaseForm, member_form: MemberForm
) -> HttpResponse:
    collections = Collection.objects.filter(pk=found.pk)
    context = {
        "collection": found,
        "form": form,
        "member_form": member_form,
        "members": found.members.select_related("user", "group").order_by("pk"),
        "roles": Role.choices,
        "may_manage": collections.members_managed_by(request.user).exists(),
        "may_delete": collections.deletable_by(request.user).exists(),
        "library": f"{reverse('library')}?{urlencode({'collection': found.slug})}",
    }
    status = 400 if form.errors or member_form.errors else 200
    return render(request, "frontend/collection/page.html", context, status=status)

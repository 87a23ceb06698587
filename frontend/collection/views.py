"""The pages of a collection for its owners: making it, settings, members, deletion."""

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
from documents.models import Collection, Role
from documents.models.permissions import may_create_collections
from frontend.collection.forms import CollectionSettingsForm, MemberForm
from frontend.messages import translate_message
from frontend.page_methods import require_safe_or_post


@login_required
@require_safe_or_post
def new_collection(request: HttpRequest) -> HttpResponse:
    if not may_create_collections(request.user):
        raise PermissionDenied
    form = CollectionSettingsForm(request.POST or None)
    if not form.is_valid():
        return render(request, "frontend/collection/new.html", {"form": form})
    made = create_collection(form.save(commit=False), request.user)
    messages.success(request, _("The collection “%(name)s” was made.") % {"name": made.name})
    return redirect("collection", made.slug)


@login_required
@require_safe_or_post
def collection_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Settings and members; sent, the settings are saved."""
    found = access.changeable_collection(request.user, slug)
    form = CollectionSettingsForm(request.POST or None, instance=found)
    if not form.is_valid():
        return _page(request, found, form, MemberForm(found))
    try:
        save_collection(form.save(commit=False), request.user)
    except QueueUnavailable as error:
        messages.error(request, translate_message(error.message))
    else:
        messages.success(request, _("The settings were saved."))
    return redirect("collection", slug)


@login_required
@require_POST
def add_collection_member(request: HttpRequest, slug: str) -> HttpResponse:
    found = access.collection_of_members(request.user, slug)
    form = MemberForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, CollectionSettingsForm(instance=found), form)
    add_member(found, form.cleaned_data["name"], form.cleaned_data["role"], request.user)
    return redirect("collection", slug)


@login_required
@require_POST
def change_collection_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Gives a member another role, or none."""
    found = access.collection_of_members(request.user, slug)
    member = get_object_or_404(found.members, pk=pk)
    role = request.POST.get("role", "")
    if "remove" in request.POST:
        remove_member(member, request.user)
    elif role in Role.values:
        change_member(member, role, request.user)
    still = Collection.objects.with_role(request.user, Role.OWNER).filter(pk=found.pk).exists()
    return redirect("collection", slug) if still else redirect("library")


@login_required
@require_safe_or_post
def remove_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks first; with documents in it, for its name."""
    found = access.deletable_collection(request.user, slug)
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

"""The admin: uploads, states with their errors, retry, reindex, delete, and collection members."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from documents.admin_forms import AdminUploadForm, CollectionForm, DocumentForm
from documents.auth import revoke_tokens
from documents.extraction import format_label
from documents.library import (
    IntakeError,
    QueueUnavailable,
    add_file,
    create_collection,
    delete_collection,
    record_member_change,
    reindex_documents,
    retry_documents,
    save_collection,
    trash_documents,
    update_document,
)
from documents.models import ApiToken, AuditEvent, Collection, CollectionMember, Document

# Generic for the type checker only.
if TYPE_CHECKING:
    Members = admin.TabularInline[CollectionMember, Collection]
    Collections = admin.ModelAdmin[Collection]
    Documents = admin.ModelAdmin[Document]
    Tokens = admin.ModelAdmin[ApiToken]
    Events = admin.ModelAdmin[AuditEvent]
else:
    Members = admin.TabularInline
    Collections = Documents = Tokens = Events = admin.ModelAdmin

admin.site.site_header = admin.site.site_title = "Lantern"
admin.site.index_title = "Manage collections, documents and people"


class MemberInline(Members):
    model = CollectionMember
    extra = 1
    autocomplete_fields = ("user", "group")
    verbose_name_plural = "Members (roles beyond what the visibility gives to everyone)"


class ErrorsAsMessages:
    """Shows why a change was refused, without the admin's message of success."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
        except (IntakeError, QueueUnavailable) as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())


@admin.register(Collection)
class CollectionAdmin(ErrorsAsMessages, Collections):
    list_display = ("name", "slug", "visibility", "language", "documents_held")
    list_filter = ("visibility", "language")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    form = CollectionForm
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        return (
            super()
            .get_queryset(request)
            .annotate(held=Count("documents", filter=Q(documents__deleted_at=None)))
        )

    def get_fields(self, request: HttpRequest, obj: Collection | None = None) -> Any:
        """A new collection has no documents to ask about."""
        fields = super().get_fields(request, obj)
        return fields if obj else [name for name in fields if name != "confirm"]

    @admin.display(description="documents", ordering="held")
    def documents_held(self, collection: Collection) -> str:
        address = reverse("admin:documents_document_changelist")
        held = collection.held  # type: ignore[attr-defined]  # annotated above
        return format_html(
            '<a href="{}?collection__id__exact={}">{}</a>', address, collection.pk, held
        )

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        if change:
            save_collection(obj, request.user, confirmed=form.cleaned_data["confirm"])
        else:
            create_collection(obj, request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The members, each change of a role in the audit log."""
        roles = {(row.user_id, row.group_id): row.role for row in form.instance.members.all()}
        super().save_formset(request, form, formset, change)
        saved = (*formset.new_objects, *(member for member, _ in formset.changed_objects))
        now = [(member, member.role) for member in saved]
        for member, role in (*now, *((member, "") for member in formset.deleted_objects)):
            before = roles.get((member.user_id, member.group_id), "")
            record_member_change(member, request.user, before=before, after=role)

    def delete_model(self, request: HttpRequest, obj: Collection) -> None:
        delete_collection(obj, request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Collection]) -> None:
        for collection in queryset:
            delete_collection(collection, request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Those that hold documents are deleted by naming them, on a page of their own."""
        names = [str(one) for one in objs]
        protected = [_link_to_deletion(one) for one in objs if one.documents.exists()]
        return names, {"collections": len(names)}, set(), protected


def _link_to_deletion(collection: Collection) -> str:
    count = collection.documents.count()
    address = reverse("collection_delete", args=[collection.slug])
    return format_html('<a href="{}">{}: {} documents</a>', address, collection, count)


@admin.register(Document)
class DocumentAdmin(ErrorsAsMessages, Documents):
    list_display = ("title", "collection", "kind", "state_in_words", "progress", "created_at")
    list_filter = ("state", "collection", "type", "language")
    list_select_related = ("collection",)
    list_per_page = 50
    search_fields = ("title", "filename", "source", "error_code")
    date_hierarchy = "created_at"
    actions = ("retry", "reindex")
    change_list_template = "admin/documents/document/change_list.html"
    form = DocumentForm
    fields = (
        "title", "collection", "source", "language", "metadata", "filename", "kind",
        "content_type", "size",
        "state_in_words", "progress", "version", "uploaded_by", "created_at", "indexed_at",
    )  # fmt: skip
    readonly_fields = (
        "collection", "filename", "kind", "content_type", "size", "state_in_words", "progress",
        "version",
        "uploaded_by", "created_at", "indexed_at",
    )  # fmt: skip

    class Media:
        css = {"all": ["documents/admin.css"]}

    def view_on_site(self, obj: Document) -> str:
        return obj.get_absolute_url()

    @admin.display(description="type", ordering="type")
    def kind(self, document: Document) -> str:
        return format_label(document.type)

    @admin.display(description="state", ordering="state")
    def state_in_words(self, document: Document) -> str:
        if not document.error:
            return document.get_state_display()
        return format_html(
            "<strong>{}</strong><br>{}", document.get_state_display(), document.error
        )

    @admin.display(description="passages")
    def progress(self, document: Document) -> str:
        return f"{document.passages_done} of {document.passages_total}"

    @admin.action(description="Retry those that failed", permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        self._queue(request, retry_documents, queryset)

    @admin.action(description="Re-index", permissions=["change"])
    def reindex(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        self._queue(request, reindex_documents, queryset)

    def _queue(self, request: HttpRequest, do: Any, queryset: QuerySet[Document]) -> None:
        try:
            self.message_user(request, f"{do(queryset)} queued.", messages.SUCCESS)
        except QueueUnavailable as error:
            self.message_user(request, str(error), messages.ERROR)

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        update_document(obj, **{name: form.cleaned_data[name] for name in form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Document) -> None:
        trash_documents([obj], request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> None:
        trash_documents(queryset, request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return Document.objects.live()

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """A part of another document goes with that one only."""
        is_child = obj is not None and obj.parent_id is not None
        return super().has_delete_permission(request, obj) and not is_child

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What the confirmation lists: the documents that move to the trash."""
        names = [str(one) for one in objs]
        return names, {"documents": len(names)}, set(), []

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Documents are uploaded, not typed in."""
        return False

    def get_urls(self) -> list[URLPattern]:
        upload = path("upload/", self.admin_site.admin_view(self.upload), name="documents_upload")
        return [upload, *super().get_urls()]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Upload many files into one collection; the page shows a message for each."""
        if not request.user.has_perm("documents.add_document"):
            raise PermissionDenied
        form = AdminUploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            for file in form.cleaned_data["uploads"]:
                self._take(request, form.cleaned_data["collection"], file)
            return redirect("admin:documents_document_changelist")
        form.fields["collection"].initial = Collection.objects.default()
        context = {**self.admin_site.each_context(request), "form": form, "title": "Upload files"}
        context["opts"] = self.opts
        return TemplateResponse(request, "admin/documents/document/upload.html", context)

    def _take(self, request: HttpRequest, collection: Collection, file: Any) -> None:
        try:
            result = add_file(collection, file, file.name or "", user=request.user)  # type: ignore[arg-type]
        except (IntakeError, QueueUnavailable) as error:
            self.message_user(request, f"Rejected: {file.name}. {error}", messages.ERROR)
            return
        words = "Queued" if result.created else f"Duplicate in {collection}"
        self.message_user(request, f"{words}: {result.document.filename}", messages.SUCCESS)


@admin.register(ApiToken)
class ApiTokenAdmin(Tokens):
    """Lists and revokes tokens. The account page and `manage.py token` create them."""

    list_display = (
        "name", "user", "scope", "reach", "prefix", "created_at", "expires_at", "last_used_at",
    )  # fmt: skip
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("name", "user__username", "prefix")
    fields = readonly_fields = list_display

    @admin.display(description="collections")
    def reach(self, token: ApiToken) -> str:
        if token.all_collections:
            return "all"
        return ", ".join(token.collections.values_list("name", flat=True)) or "none any more"

    def delete_model(self, request: HttpRequest, obj: ApiToken) -> None:
        revoke_tokens([obj], request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        revoke_tokens(queryset, request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(Events):
    """Events are read here; nothing adds, changes or deletes one by hand."""

    list_display = ("at", "action", "actor_name", "address", "target_type", "target_name")
    list_filter = ("action",)
    search_fields = ("actor_name", "target_name", "target_id", "request_id")
    date_hierarchy = "at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

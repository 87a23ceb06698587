"""What people call the types of documents."""

from django import template

from documents.types import label_of

register = template.Library()


@register.filter
def type_label(type_: str) -> str:
    """`pdf` becomes "PDF", `md` "Markdown"."""
    return label_of(type_)

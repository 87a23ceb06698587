"""Images of PDF pages with the places of their words."""

from documents.previews.page_images import PAGE_IMAGE_VERSION, page_image

__all__ = ["PAGE_IMAGE_VERSION", "page_image"]

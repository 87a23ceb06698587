"""The methods of a page with a form."""

from django.views.decorators.http import require_http_methods

# Every other method is 405, instead of being taken for one of these.
require_safe_or_post = require_http_methods(["GET", "HEAD", "POST"])

"""One address for each declared page. Imported when the first request comes: all declarations are loaded by then."""

from django.urls import URLPattern, URLResolver, path

from zhen.kernel.pages.api import PAGES
from zhen.web.addresses import needs_key, route
from zhen.web.pages.view import view_of

app_name = "page"


def patterns() -> list[URLPattern | URLResolver]:
    """Addresses without a key first, so that a key never hides one of them."""
    return [path(route(page), view_of(page), name=page.id) for page in sorted(PAGES, key=needs_key)]


urlpatterns = patterns()

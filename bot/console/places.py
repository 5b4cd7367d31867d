"""Pages that can be gone to: what an address shows, never where a form is sent."""

from __future__ import annotations

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

NO_PAGES = frozenset({"console.nowhere", "console.static"})


def page_address() -> str:
    """Where the page of this request stands; for a form that was sent, the page it stood on."""
    return request.full_path.rstrip("?") if request.method == "GET" else nearest_page(request.path)


def nearest_page(path: str) -> str:
    """The path itself where it shows a page of the console, else the nearest one above it."""
    home = url_for("console.list_cases")
    while path.startswith(home):
        if _shows_a_page(path):
            return path
        path = path.rpartition("/")[0]
    return home


def _shows_a_page(path: str) -> bool:
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return endpoint not in NO_PAGES

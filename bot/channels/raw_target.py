"""The request target as it came over the wire: what a carrier signed, before any server decoded it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

SAFE_IN_PATH = "/!$&'()*+,;=:@~-._%"


def raw_target(environ: Mapping[str, Any]) -> str:
    """Path and query of a WSGI request, undecoded.

    Servers name it RAW_URI (gunicorn) or REQUEST_URI (waitress, werkzeug, uWSGI); where neither is
    given, the path is quoted anew, which is the same for every path this product serves.
    """
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw:
        return _without_host(str(raw))
    # WSGI hands the path over as bytes in latin-1 clothes.
    path = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
    query = str(environ.get("QUERY_STRING", ""))
    target = quote(path.encode("latin-1"), safe=SAFE_IN_PATH)
    return f"{target}?{query}" if query else target


def _without_host(target: str) -> str:
    """A client may send the absolute form ("GET http://host/path"): only what follows the host counts."""
    if target.startswith("/"):
        return target
    parts = urlsplit(target)
    if not parts.netloc:
        return target
    return target.split(parts.netloc, 1)[1] or "/"

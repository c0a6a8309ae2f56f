"""A payload -> one HTML page: template, styles, scripts and data in a single file that asks the network for nothing.

The Content-Security-Policy allows exactly the scripts and styles of this page, by their hashes: text that got
into a page as markup all the same could not run. The data stand in a `script` element of type `application/json`,
which no browser executes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg.view.payload import script_json

_HERE: Final = Path(__file__).resolve().parent
#: In the order in which they are loaded: each uses only what stands before it.
_SCRIPTS: Final = (
    "text.js",
    "model.js",
    "state.js",
    "paint.js",
    "canvas.js",
    "details.js",
    "sidebar.js",
    "table.js",
    "exports.js",
    "served.js",
    "app.js",
)
_STYLES: Final = ("page.css",)


def render(data: dict[str, Any], *, title: str, connect: str = "'none'") -> str:
    """Render the page as text; `connect` is what the page may ask: nothing, or `'self'`."""
    scripts = [own_script()]
    styles = [asset(name) for name in _STYLES]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            policy=policy(scripts, styles, connect=connect),
            scripts=[Markup(script) for script in scripts],
            styles=[Markup(style) for style in styles],
            payload=Markup(script_json(data)),
        )
    )


def policy(scripts: list[str], styles: list[str], *, connect: str) -> str:
    """The Content-Security-Policy: nothing but these scripts and styles, and pictures made in the page."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src " + " ".join(f"'{_hash(script)}'" for script in scripts),
            "style-src " + " ".join(f"'{name}'" for name in map(_hash, styles)),
            "img-src data: blob:",
            f"connect-src {connect}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def header_policy(*, connect: str) -> str:
    """The policy of a served page as a header: the same, and no page may frame it."""
    return policy([own_script()], [asset(name) for name in _STYLES], connect=connect) + "; frame-ancestors 'none'"


def own_script() -> str:
    """The page's own code, one file after the other, in one closure."""
    return '(()=>{"use strict";\n' + "\n".join(asset(name) for name in _SCRIPTS) + "\n})();"


@cache
def asset(name: str) -> str:
    """The text of a file of `assets/`."""
    return (_HERE / "assets" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


@cache
def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

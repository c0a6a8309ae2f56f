"""A saved message (.eml) -> Document: its body with subject, sender and day; what is attached is not read."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from kg.documents.html import html
from kg.documents.text import require_words
from kg.errors import SourceError
from kg.model import Document


def eml(raw: bytes, document_id: str, place: str) -> Document:
    """The document in a message: the plain body where it has one, else that of HTML; raises SourceError."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not (
        message.keys() and (message["from"] or message["subject"] or message["date"])
    ):
        raise SourceError("no message: it has no head", place=place, hint="save the message as .eml")
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise SourceError("a message without a body that can be read", place=place, hint="save its text")
    try:
        content = str(body.get_content())
    except (LookupError, KeyError, ValueError) as error:
        raise SourceError(f"a body that cannot be read: {error}", place=place, hint="save its text") from None
    if body.get_content_subtype() == "html":
        text = html(content.encode(), document_id, place).text
    else:
        text = content.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    sender = str(message["from"] or "")
    return Document(
        id=document_id,
        text=require_words(text, place),
        title=" ".join(str(message["subject"] or "").split()),
        date=_day(str(message["date"] or "")),
        source=place,
        meta=(("publisher", sender),) if sender else (),
    )


def _day(written: str) -> str | None:
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None

"""Masking personal data: enough to recognise, too little to use."""

from __future__ import annotations


def hide(_text: str) -> str:
    """Nothing of it; not even its length."""
    return "••••••"


def identity_number(text: str) -> str:
    """310***********1234: the province and district stay vague, the day of birth is hidden."""
    return _middle(text, head=3, tail=4)


def phone(text: str) -> str:
    """138****1234, also with a country's or an area's code before it."""
    return _middle(text, head=max(0, min(len(text) - 8, 7)), tail=4)


def email(text: str) -> str:
    """z***@example.com."""
    name, at, domain = text.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else hide(text)


def contact(text: str) -> str:
    return email(text) if "@" in text else phone(text)


def person_name(text: str) -> str:
    """张*, 欧阳**: the first character alone where the name has two or three."""
    keep = 2 if len(text) > 3 and "·" not in text else 1
    return text[:keep] + "*" * max(1, len(text) - keep) if text else ""


def _middle(text: str, *, head: int, tail: int) -> str:
    if len(text) < (head + tail) * 3 // 2 or len(text) < 7:
        return hide(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]

"""A bubble where choices and links have limits: what does not fit as a button is written into the text."""

import re
from dataclasses import dataclass
from typing import Any, Dict, List

from assistant.channels.numbered import as_list
from assistant.channels.parts import units


@dataclass(frozen=True)
class Room:
    """What a provider has room for beside a text; titles and texts in UTF-16 units, as `parts.units` counts them."""

    choices: int
    choice_title: int
    links: int
    link_title: int
    together: int
    """Choices and links."""
    text_beside_links: int
    calls: bool
    """Whether a button can dial a number."""


@dataclass(frozen=True)
class Layout:
    """A bubble as a provider shows it: choices and links are those that become buttons."""

    text: str
    choices: List[Dict[str, str]]
    links: List[Dict[str, str]]


def fits(choices: List[Dict[str, str]], room: Room) -> bool:
    """Tell whether all choices can be buttons; else all are a numbered list."""
    most = min(room.choices, room.together)
    return len(choices) <= most and all(units(one["label"]) <= room.choice_title for one in choices)


def lay_out(shown: Dict[str, Any], room: Room, public_url: str, asks_for_number: str) -> Layout:
    """Return how a bubble looks. `asks_for_number` is the sentence above a numbered list, `public_url` where our pages are."""
    links = [{**one, "url": public_url + one["url"] if one["url"].startswith("/") else one["url"]} for one in shown["links"]]
    choices, listed = shown["choices"], ""
    if not fits(choices, room):
        choices, listed = [], f"\n\n{asks_for_number}\n{as_list([one['label'] for one in shown['choices']])}"
    buttons = [one for one in links if _can_be_pressed(one, room)]
    text = _with_lines(shown["text"], [one for one in links if one not in buttons]) + listed
    if len(buttons) > min(room.links, room.together - len(choices)) or units(text) > room.text_beside_links:
        text, buttons = _with_lines(shown["text"], links) + listed, []
    return Layout(text, choices, buttons)


def _can_be_pressed(link: Dict[str, str], room: Room) -> bool:
    is_address = link["url"].startswith(("https://", "http://"))
    return units(link["label"]) <= room.link_title and (is_address or (room.calls and link["url"].startswith("tel:")))


def _with_lines(text: str, links: List[Dict[str, str]]) -> str:
    """Return the text with links as lines below; a number to call that it says already is not said again."""
    lines = []
    for link in links:
        if not link["url"].startswith("tel:"):
            lines.append(f"{link['label']}: {link['url']}")
        elif _digits(link["url"]) not in _digits(text):
            lines.append(link["label"])
    return "\n\n".join([text, "\n".join(lines)]) if lines else text


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

"""What somebody at a provider has sent, and what it means in their conversation."""

from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional

from assistant.channels.incoming import Incoming, greeting, pressed
from assistant.channels.numbered import chosen
from assistant.channels.typed_text import as_typed
from assistant.stores.message_log import Choice, MessageLog

ONLY_WORDS = "utter_only_words"
"""Answers what holds no words: a sticker, a voice message, a place."""


@dataclass(frozen=True)
class Sent:
    """What somebody at a provider has sent: a text, the token of a choice (`text` is its label), or neither and `says`.

    `id` is the provider's id of the message, by which a repeat is known. `says` names the response that answers it.
    """

    holder: str
    id: str
    text: str = ""
    token: Optional[str] = None
    says: Optional[str] = None
    comes_in: bool = False
    is_picture: bool = False
    """A picture or file, which is answered according to where the conversation stands."""
    leaves: bool = False
    """The person wants no more of us."""
    is_human: bool = False
    """Not the person's: somebody of ours has written to them from the provider's inbox."""


def understood(
    log: MessageLog, conversation: str, message_id: str, sent: Sent, max_chars: int, is_numbered: Callable[[Dict[str, Any]], bool]
) -> Optional[Incoming]:
    """Return what the conversation hears, None for nothing; `is_numbered` tells whether a bubble's choices had numbers."""
    text = as_typed(sent.text)
    choice = log.choice(conversation, sent.token) if sent.token else _numbered(log, conversation, text, is_numbered)
    if choice is not None:
        return pressed(message_id, choice)
    if sent.comes_in:
        return greeting(log.sessions.language(conversation), message_id)
    if sent.is_picture:
        return Incoming(None, message_id, text[:max_chars], says=_about_pictures(log, conversation))
    if sent.says or (sent.token and not text):
        return Incoming(None, message_id, text[:max_chars], says=sent.says or "utter_choice_is_old")
    if len(text) > max_chars:
        return Incoming(None, message_id, "", says="utter_message_too_long")
    return Incoming(None, message_id, text) if text else None


def _numbered(log: MessageLog, conversation: str, text: str, is_numbered: Callable[[Dict[str, Any]], bool]) -> Optional[Choice]:
    """Return the choice that a text names by its number, of the list shown since the person wrote last."""
    offers = [one for one in log.since_last_said(conversation) if one["choices"]]
    if not text or not offers or not is_numbered(offers[-1]):
        return None
    place = chosen(text, len(offers[-1]["choices"]))
    return None if place is None else log.choice(conversation, offers[-1]["choices"][place]["token"])


def _about_pictures(log: MessageLog, conversation: str) -> str:
    # Not only of bubbles since the last message: people send several photos at once.
    return "utter_pictures_by_link" if log.waits_for(conversation) == "photo" else "utter_no_pictures"

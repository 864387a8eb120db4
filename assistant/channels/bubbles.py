"""From Rasa's responses to bubbles on the screen."""

from typing import Any, Awaitable, Callable, Dict, List, Text

from rasa.core.channels.channel import OutputChannel

from assistant.stores.message_log import Bubble, Choice


class BubbleOutput(OutputChannel):
    """Turns every response into one bubble: text, choices, and from `custom` the links and the input it waits for."""

    def __init__(self, channel: str, deliver: Callable[[Bubble], Awaitable[None]]) -> None:
        self._channel = channel
        self._deliver = deliver
        self.texts: List[Text] = []

    def name(self) -> Text:  # type: ignore[override]
        """Return the channel's name, by which responses may vary."""
        return self._channel

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Deliver one response of the domain."""
        await self.say(to_bubble(message))

    async def say(self, bubble: Bubble) -> None:
        """Deliver a bubble that says something."""
        if bubble.text:
            self.texts.append(bubble.text)
            await self._deliver(bubble)

    async def send_text_message(self, recipient_id: Text, text: Text, **kwargs: Any) -> None:
        """Deliver a text that does not come from a response."""
        await self.send_response(recipient_id, {"text": text})


def to_bubble(message: Dict[Text, Any]) -> Bubble:
    """Read a rendered response. Buttons hold `/intent` payloads, which never leave the server."""
    custom = message.get("custom") or {}
    choices: List[Choice] = [Choice(button["title"], button["payload"].lstrip("/")) for button in message.get("buttons") or []]
    text = (message.get("text") or "").strip()
    return Bubble(text, choices, custom.get("links") or [], custom.get("input") or "text", custom.get("voice"))

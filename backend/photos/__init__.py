"""Photos of a registration: face and both sides of the identity card, sealed, deleted with their draft or application."""

from typing import Literal

Kind = Literal["face", "id_front", "id_back"]
KINDS: tuple[Kind, ...] = ("face", "id_front", "id_back")

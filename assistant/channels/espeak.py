"""The simulated telephone's voice: espeak-ng, where it is installed."""

import asyncio
import io
import wave
from typing import List, Optional

from assistant.channels.voice import Say, as_text

WORDS_A_MINUTE, DIGITS_A_MINUTE = 160, 130
PAUSE_S = 0.35
_WITHIN_S = 10.0


async def spoken(say: List[Say], lang: str) -> Optional[bytes]:
    """Return what a turn says as a WAV file, None without espeak-ng."""
    sounds, rate = [], 22050
    for piece in say:
        speed = DIGITS_A_MINUTE if "spell" in piece else WORDS_A_MINUTE
        command = ["espeak-ng", "-v", lang, "-s", str(speed), "--stdin", "--stdout"]
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
            )
        except FileNotFoundError:
            return None
        wav, _ = await asyncio.wait_for(process.communicate(as_text(piece).encode()), _WITHIN_S)
        # The sizes in the header of a WAV to a pipe are not filled in, so `wave` does not read it.
        rate = int.from_bytes(wav[24:28], "little")
        sounds.append(wav[wav.index(b"data") + 8 :])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(bytes(2 * int(PAUSE_S * rate)).join(sounds))
    return file.getvalue()

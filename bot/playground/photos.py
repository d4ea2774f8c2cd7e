"""Photos as far as a stand-in needs them: whether the bytes are a picture, and how large it is."""

from __future__ import annotations

import struct

from bot.playground.errors import bad_request

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_SIDES = 10_000  # width and height together
STEEPEST = 20  # times as long as wide, or as wide as long
_PNG = b"\x89PNG\r\n\x1a\n"


def measured(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; raises the ApiError that answers anything Telegram would not show as a photo."""
    if not data:
        raise bad_request("there is no photo in the request")
    if len(data) > LARGEST_BYTES:
        raise bad_request("file is too big")
    if not data.startswith(_PNG) or data[12:16] != b"IHDR" or not data.endswith(b"IEND\xaeB`\x82"):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", data[16:24])
    if not width or not height or width + height > LARGEST_SIDES or max(width, height) > STEEPEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height

from base64 import b64decode

import httpx
import pytest

from bot.playground import Person, Playground
from bot.playground.errors import ApiError
from bot.playground.photos import measured

DOT = b64decode(  # a PNG of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


def of_size(width: int, height: int) -> bytes:
    return DOT[:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + DOT[24:]


def test_a_png_is_measured() -> None:
    assert measured(DOT) == (1, 1)
    assert measured(of_size(1080, 1920)) == (1080, 1920)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no photo in the request"),
        (b"GIF89a" + DOT, "IMAGE_PROCESS_FAILED"),
        (DOT[:-4], "IMAGE_PROCESS_FAILED"),
        (of_size(0, 5), "PHOTO_INVALID_DIMENSIONS"),
        (of_size(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (of_size(10, 201), "PHOTO_INVALID_DIMENSIONS"),
        (DOT[:-12] + b"x" * (10 * 1024 * 1024) + DOT[-12:], "file is too big"),
    ],
)
def test_what_telegram_would_not_show_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ApiError, match=f"^Bad Request: {reason}$"):
        measured(data)


async def send(playground: Playground, photo: bytes = DOT, **given: object) -> dict[str, object]:
    """As python-telegram-bot sends one: a form with the file in it."""
    async with httpx.AsyncClient(trust_env=False) as http:
        files = {"photo": ("picture.png", photo, "image/png")}
        form = {name: str(value) for name, value in given.items()}
        answer = await http.post(f"{playground.base_url}{playground.token}/sendPhoto", data=form, files=files)
        return dict(answer.json())


async def test_a_photo_arrives_with_its_caption(playground: Playground, ann: Person) -> None:
    sent = await send(playground, chat_id=ann.id, caption="<b>1941</b>", parse_mode="HTML")

    seen = await ann.private.expect("1941")
    assert sent["result"] == seen.raw
    assert seen.picture == (1, 1)
    assert seen.entities == [{"type": "bold", "offset": 0, "length": 4}]
    [call] = await playground.calls("sendPhoto")
    assert call["parameters"]["photo"] == f"{len(DOT)} bytes"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"caption": "a" * 1025}, "message caption is too long"),
        ({"photo": b"nothing"}, "IMAGE_PROCESS_FAILED"),
        ({"chat_id": "123"}, "chat not found"),
        ({"message_thread_id": "77"}, "message thread not found"),
    ],
)
async def test_a_photo_that_telegram_refuses_is_refused(
    playground: Playground, ann: Person, given: dict[str, object], reason: str
) -> None:
    answer = await send(playground, **{"chat_id": ann.id, **given})  # type: ignore[arg-type]

    assert answer["description"] == f"Bad Request: {reason}"
    assert len(await playground.violations()) == 1


async def test_a_photo_has_no_text_to_edit(playground: Playground, ann: Person) -> None:
    await send(playground, chat_id=ann.id)
    sent = await ann.private.expect()

    answer = await playground.call("editMessageText", chat_id=ann.id, message_id=sent.id, text="Look")

    assert answer["description"] == "Bad Request: there is no text in the message to edit"


async def test_where_photos_are_not_allowed_none_arrives_and_it_is_no_violation(
    playground: Playground, ann: Person
) -> None:
    group = await playground.supergroup("Friends", ann)
    await group.set_status("bot", "restricted", lacking=["can_send_photos"])

    answer = await send(playground, chat_id=group.id)

    assert answer["description"] == "Bad Request: not enough rights to send photos to the chat"
    assert (await playground.call("sendMessage", chat_id=group.id, text="Look"))["ok"]
    await playground.assert_no_violations()

import asyncio

from bot.services.library import Library
from bot.services.timelines import Timelines
from knowledge.timeline import NoTimeline, Timeline


async def test_a_timeline_is_drawn_while_the_loop_goes_on(library: Library) -> None:
    timelines = Timelines(library)
    found = timelines.told("Ada Merrow")
    assert isinstance(found, Timeline)

    drawing = asyncio.create_task(timelines.drawn(found))
    await asyncio.sleep(0)

    assert not drawing.done()
    assert (await drawing).picture.startswith(b"\x89PNG")


def test_the_example_has_a_timeline(library: Library) -> None:
    timelines = Timelines(library)

    assert isinstance(timelines.told(timelines.example()), Timeline)
    assert isinstance(timelines.told(""), NoTimeline)

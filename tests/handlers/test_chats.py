import pytest

from bot.playground import Playground

pytestmark = pytest.mark.usefixtures("bot")


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(playground: Playground) -> None:
    ann = await playground.user("Ann")
    group = await playground.group("Friends", ann)
    await ann.at(group).ask("/ask When was Ada Merrow born?", "1862")

    supergroup = await group.upgrade()

    await ann.at(supergroup).ask("/ask and when did she die?", "3 March 1931")

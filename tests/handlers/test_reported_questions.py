"""The Report button under a question, in this process: the bot of the other tests is asked for no questions."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.playground import Playground
from bot.services.feedback import Reported
from bot.services.polls import Place
from handlers.asking import ask
from handlers.presses.reports import ReportPress
from handlers.reports import ANSWERS
from knowledge.quiz import Question
from tests.handlers.conftest import InProcess

QUESTION = Question(
    "When was Ada Merrow born?", ("1860", "1861", "1862"), 2, "In 1862.", "ada-birth", (), "when", "easy"
)
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Report", callback_data=ReportPress().data())]])


BOT_SETTINGS = None  # only the application of this process answers


async def test_a_report_under_a_question_means_its_fact(in_process: InProcess, playground: Playground) -> None:
    ann = await playground.user("Ann", started=True)
    await ask(in_process.services, Place(ann.id), QUESTION, "round", keyboard=KEYBOARD)
    asked = await ann.private.expect("When was Ada Merrow born?")

    press = await ann.private.press(asked, "Report")
    await in_process.handle_newest()

    answer = await press.answer()
    assert (answer.text, answer.show_alert) == (ANSWERS[Reported.NOTED], True)
    [reported] = await in_process.services.feedback.opened()
    assert (reported.fact, reported.reporters, reported.of_questions) == ("ada-birth", 1, 1)

"""The Report button, and what owners do about reports: /reports, /fix and /restore."""

from html import escape

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.delivery import Later
from bot.services.feedback import About, Reported, Verdict
from handlers import render_reports
from handlers.buttons import TOO_OLD
from handlers.context import App, FootnoteContext, Services, say, services_of, show
from handlers.presses import reports as presses
from handlers.presses.reports import DeskAction, DeskPress, ReportPress

ANSWERS = {
    Reported.NOTED: "Thank you. It is noted, and will be checked against the document.",
    Reported.ASIDE: "Thank you. This is put aside now, until it has been checked against the document.",
    Reported.ALREADY: "You have reported this before. Thank you; once is enough.",
    Reported.TOO_MANY: "You have reported a lot today. Thank you for your care; let us go on tomorrow.",
}
WHICH_FACT = "Which fact? Write its id behind the command, like this: /{action} kato-svanidze-wedding"
NO_SUCH_FACT = "I know no fact “{wrong}”."
NEAR = " Do you mean {near}?"
DONE = {
    "fix": "<code>{fact}</code> stays put aside until the pack is corrected; then /restore brings it back.",
    "restore": "<code>{fact}</code> is in use.",
}
TOLD = {
    "right": "Thank you: you were right to report this. It is put aside until it is corrected.\n\n{fact}",
    "unfounded": "You reported something lately. It has been checked against the document, and this is told again:"
    "\n\n{fact}",
}
VERDICTS: dict[DeskAction, Verdict] = {"fix": "right", "restore": "unfounded"}


def register(application: App) -> None:
    owners = filters.ChatType.PRIVATE & filters.User(services_of(application).feedback.owners)
    application.add_handler(CommandHandler("reports", open_reports, owners))
    application.add_handler(CommandHandler("fix", fix, owners))
    application.add_handler(CommandHandler("restore", restore, owners))
    application.add_handler(CallbackQueryHandler(pressed, presses.PATTERN))


async def pressed(update: Update, context: FootnoteContext) -> None:
    query, user = update.callback_query, update.effective_user
    if query is None or user is None:
        return
    press = presses.read(query.data or "")
    if isinstance(press, DeskPress):
        await _verdict_pressed(update, context, press)
        return
    facts, about = await _meant(update, context, press) if press else ((), "answer")
    services = context.services
    if not facts:
        await services.delivery.answer_press(query.id, TOO_OLD, alert=True)
    elif len(facts) > 1:
        await services.delivery.answer_press(query.id)
        says = [services.library.index.facts[fact].says for fact in facts]
        await say(update, context, *render_reports.which(says, facts))
    else:
        reported = await services.feedback.report(facts[0], user.id, about)
        await services.delivery.answer_press(query.id, ANSWERS[reported], alert=True)
        await tell(services)


async def open_reports(update: Update, context: FootnoteContext) -> None:
    await say(update, context, *render_reports.desk(await context.services.desk.cases()))


async def fix(update: Update, context: FootnoteContext) -> None:
    await _settle_named(update, context, "fix")


async def restore(update: Update, context: FootnoteContext) -> None:
    await _settle_named(update, context, "restore")


async def tell(services: Services) -> None:
    """Tell reporters what came of it, and the owners what is put aside. Each is told once, or not at all where nobody
    knows whether it arrived.
    """
    for due in await services.feedback.untold():
        case = await services.desk.case(due.fact)
        if await services.feedback.claim(due):
            fact = render_reports.with_footnote(case) if case else escape(due.fact)
            outcome = await services.delivery.reply(due.user_id, TOLD[due.verdict].format(fact=fact))
            if isinstance(outcome, Later):
                await services.feedback.not_told(due)
    for fact in await services.feedback.untold_owners():
        case = await services.desk.case(fact)
        if case is not None and await services.feedback.claim_owners(fact):
            for owner in sorted(services.feedback.owners):
                await services.delivery.reply(owner, *render_reports.put_aside(case))


async def _meant(update: Update, context: FootnoteContext, press: ReportPress) -> tuple[tuple[str, ...], About]:
    """The facts that a press may mean, and whether they were told or asked; none where nobody knows any more."""
    services, message = context.services, update.effective_message
    if press.marks:
        found = await services.desk.of_marks(*press.marks)
        return tuple(fact for fact in found if fact in services.library.index.facts), "answer"
    if message is None:
        return (), "answer"
    if press.key:
        return await services.answering.told(message.chat_id, press.key), "answer"
    asked = await services.polls.of_message(message.chat_id, message.message_id)
    return ((asked.question.fact,) if asked else ()), "question"


async def _verdict_pressed(update: Update, context: FootnoteContext, press: DeskPress) -> None:
    """An owner's press; the message then shows what waits still."""
    query, user, services = update.callback_query, update.effective_user, context.services
    if query is None or user is None:
        return
    meant = await services.desk.of_marks(press.mark) if user.id in services.feedback.owners else ()
    if not meant:
        await services.delivery.answer_press(query.id, TOO_OLD, alert=True)
        return
    done = await _settle(context, meant[0], press.action)
    await services.delivery.answer_press(query.id)
    waiting, keyboard = render_reports.desk(await services.desk.cases())
    await show(update, context, f"{done}\n\n{waiting}", keyboard)
    await tell(services)


async def _settle_named(update: Update, context: FootnoteContext, action: DeskAction) -> None:
    """A verdict on the fact that is named behind the command."""
    named = " ".join(context.args or ())
    if not named:
        await say(update, context, WHICH_FACT.format(action=action))
    elif await context.services.desk.case(named) is None:
        near = " or ".join(f"<code>{escape(fact)}</code>" for fact in await context.services.desk.near(named))
        await say(update, context, NO_SUCH_FACT.format(wrong=escape(named)) + (NEAR.format(near=near) if near else ""))
    else:
        await say(update, context, await _settle(context, named, action))
        await tell(context.services)


async def _settle(context: FootnoteContext, fact: str, action: DeskAction) -> str:
    """Do it; in words."""
    settled = await context.services.feedback.settle(fact, VERDICTS[action])
    told = {0: "", 1: " I tell the one who reported it."}.get(settled, f" I tell the {settled} who reported it.")
    return DONE[action].format(fact=escape(fact)) + told

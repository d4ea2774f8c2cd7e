"""What buttons carry: all that their handlers need, in Telegram's 64 bytes. Each kind of button has a module.

There a press's `data()` writes callback data, `read()` reads it, None for any that no button of the kind carries, and
`PATTERN` finds what is of the kind; what is of no other belongs to `answers`.
"""

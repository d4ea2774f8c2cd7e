"""What the bot does, without Telegram in it."""

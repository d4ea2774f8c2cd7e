"""What the bot remembers: tables, queries named by intent, migrations."""

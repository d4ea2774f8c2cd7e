"""Alembic's entry point: runs the migrations on the connection that it was handed."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # also on SQLite: a migration that fails half-way leaves nothing behind
)
with context.begin_transaction():
    context.run_migrations()

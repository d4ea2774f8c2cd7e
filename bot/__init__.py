"""The application: commands, wiring, delivery, services and storage."""

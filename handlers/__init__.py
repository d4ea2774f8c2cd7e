"""Telegram handlers: take the update's input, call one service, render, reply."""

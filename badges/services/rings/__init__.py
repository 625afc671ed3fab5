"""Crowds that act as one: who they are and what speaks for it. They are shown, never punished."""

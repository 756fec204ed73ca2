"""People: who one is here."""

"""The backend measured: look-ups at ten thousand and at a million people, one-time codes a second."""

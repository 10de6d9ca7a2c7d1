"""The thread that trains, and what it hands to the window; no Qt in here."""

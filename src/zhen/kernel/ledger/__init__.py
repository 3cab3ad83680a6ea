"""Posting: money that was promised, reserved or moved."""

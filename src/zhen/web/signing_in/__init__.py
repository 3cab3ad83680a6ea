"""The door: signing in and out, second factors, own sessions, elevation, one-time links."""

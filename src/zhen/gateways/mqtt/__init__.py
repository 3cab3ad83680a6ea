"""MQTT: letting devices in, and giving installers' devices their credentials."""

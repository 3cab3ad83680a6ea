"""The faces: portal, desk, field, cockpit; generic pages drawn from declarations; assets."""

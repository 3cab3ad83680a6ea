"""Geometry without a database: coordinates, distances, boxes, H3 cells, GeoJSON shapes.

Everything is WGS-84 longitude and latitude in degrees unless a name says otherwise; lengths are metres.
"""

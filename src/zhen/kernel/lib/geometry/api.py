"""What other modules may use of geometry."""

from zhen.kernel.lib.geometry.cells import POINT, Disk, TooFar, cell, centre, disk, outline, parent
from zhen.kernel.lib.geometry.crs import Crs, gcj02_to_wgs84, shape_to_wgs84, wgs84_to_gcj02
from zhen.kernel.lib.geometry.earth import Box, area, distance
from zhen.kernel.lib.geometry.shapes import (
    GRID,
    Fault,
    Shape,
    ShapeError,
    areal,
    difference,
    inner_point,
    intersection,
    load_shape,
    polygons,
    read_shape,
    union,
    write_shape,
)

__all__ = [
    "GRID",
    "POINT",
    "Box",
    "Crs",
    "Disk",
    "Fault",
    "Shape",
    "ShapeError",
    "TooFar",
    "area",
    "areal",
    "cell",
    "centre",
    "difference",
    "disk",
    "distance",
    "gcj02_to_wgs84",
    "inner_point",
    "intersection",
    "load_shape",
    "outline",
    "parent",
    "polygons",
    "read_shape",
    "shape_to_wgs84",
    "union",
    "wgs84_to_gcj02",
    "write_shape",
]

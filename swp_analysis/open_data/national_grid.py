"""National Grid to longitude and latitude. In: eastings and northings of the 2011 street files. Out: WGS84 degrees.

Within five metres of the survey's own transformation, and street points are snapped to places further apart.
"""

from __future__ import annotations

import numpy as np

AIRY = 6377563.396, 6356256.909
WGS84 = 6378137.0, 6356752.314245
SCALE, LAT0, LON0, EAST0, NORTH0 = 0.9996012717, np.radians(49), np.radians(-2), 400_000, -100_000
SHIFT = (446.448, -125.157, 542.060)
TURN = np.radians(np.array([0.1502, 0.2470, 0.8421]) / 3600)
STRETCH = -20.4894e-6


def to_degrees(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give longitude and latitude in degrees of points in metres.

    >>> [round(float(value[0]), 3) for value in to_degrees(np.array([391500.0]), np.array([298700.0]))]
    [-2.127, 52.586]

    Source: Ordnance Survey, A guide to coordinate systems in Great Britain, annexes B and C.
    """
    latitude, longitude = _unproject(np.asarray(easting, float), np.asarray(northing, float))
    return _to_ellipsoid(*_shift(*_to_space(latitude, longitude)))


def _arc(latitude: np.ndarray, n: float, b: float) -> np.ndarray:
    """Length of the meridian from the grid's origin."""
    minus, plus = latitude - LAT0, latitude + LAT0
    return (
        b
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * minus
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(minus) * np.cos(plus)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * np.sin(2 * minus) * np.cos(2 * plus)
            - 35 / 24 * n**3 * np.sin(3 * minus) * np.cos(3 * plus)
        )
    )


def _unproject(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = AIRY
    n, e2 = (a - b) / (a + b), 1 - (b / a) ** 2
    latitude = LAT0 + (northing - NORTH0) / (a * SCALE)
    for _ in range(8):  # each step divides the error by more than a hundred
        latitude = latitude + (northing - NORTH0 - _arc(latitude, n, b)) / (a * SCALE)
    sine2, tangent, secant = np.sin(latitude) ** 2, np.tan(latitude), 1 / np.cos(latitude)
    nu = a * SCALE / np.sqrt(1 - e2 * sine2)
    rho = a * SCALE * (1 - e2) / (1 - e2 * sine2) ** 1.5
    eta2, d, t2 = nu / rho - 1, easting - EAST0, tangent**2
    north = tangent / (2 * rho * nu) * d**2 - tangent / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * d**4
    north += tangent / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2) * d**6
    east = secant / nu * d - secant / (6 * nu**3) * (nu / rho + 2 * t2) * d**3
    east += secant / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2) * d**5
    return latitude - north, LON0 + east


def _to_space(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b = AIRY
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(latitude) ** 2)
    flat = nu * np.cos(latitude)
    return flat * np.cos(longitude), flat * np.sin(longitude), (1 - e2) * nu * np.sin(latitude)


def _shift(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    (sx, sy, sz), (rx, ry, rz), scale = SHIFT, TURN, 1 + STRETCH
    return sx + x * scale - y * rz + z * ry, sy + x * rz + y * scale - z * rx, sz - x * ry + y * rx + z * scale


def _to_ellipsoid(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, b = WGS84
    e2, flat = 1 - (b / a) ** 2, np.hypot(x, y)
    latitude = np.arctan2(z, flat * (1 - e2))
    for _ in range(6):
        latitude = np.arctan2(z + e2 * a / np.sqrt(1 - e2 * np.sin(latitude) ** 2) * np.sin(latitude), flat)
    return np.degrees(np.arctan2(y, x)), np.degrees(latitude)

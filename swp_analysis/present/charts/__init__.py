"""The house's chart shapes: each takes series, findings or a ranking, and gives an `Exhibit`."""

"""Long series, rates, neighbours and places of any area, from open data. In: `OpenData`. Out: findings with frames."""

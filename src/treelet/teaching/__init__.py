"""Gold documents in, better parameters out: what every way of teaching is made of."""

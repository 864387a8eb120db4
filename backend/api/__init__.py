"""HTTP: routes, credentials and problems."""

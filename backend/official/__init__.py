"""The official-channel checker: what the published lists say about a number, an address, a page or an app."""

"""The directory: provinces, offices of the agency, medical facilities."""

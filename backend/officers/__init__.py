"""What officers decide: applications and change requests. Every decision names the version it was made on; one wins."""

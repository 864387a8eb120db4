"""The account service: the only program that knows an account, a one-time code or a password."""

"""The account page: log in, be told who one is, change the password. Server-rendered, no script."""

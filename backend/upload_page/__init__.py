"""The page behind an upload link: three pictures, no script, no login; the link is the only key to it."""

from backend.upload_page.render import failure, is_here

__all__ = ["failure", "is_here"]

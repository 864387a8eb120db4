"""Whether a post came from the upload page itself. The link is the real key; this keeps other sites from using a leaked one."""

from fastapi import Request

from backend.core import Core


def is_ours(core: Core, request: Request) -> bool:
    """By `Sec-Fetch-Site`, which no page can forge; of browsers without it by `Origin`.

    The page asks for no referrer, for which browsers send "Origin: null" with its own forms (Fetch, section 3.2); those that
    send no `Sec-Fetch-Site` cannot be told apart further.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    known = {core.settings.public_url, "null"}
    if core.settings.demo:
        port = core.settings.backend_port
        known |= {f"http://127.0.0.1:{port}", f"http://localhost:{port}"}
    return request.headers.get("origin", "") in known

"""`/docs`: the API's documentation, with every asset served from here."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse

from schema.errors import CrmError
from web.pages.sign_in import STATIC_PATH

_PAGE = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>crm-agent API</title>
<link rel="icon" href="{STATIC_PATH}/icon.svg">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body><div id="docs"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="{STATIC_PATH}/docs.js"></script></body>
</html>"""


def install_docs(app: FastAPI) -> None:
    """Adds `/docs` and its assets."""
    app.mount("/docs/assets", StaticFiles(directory=_assets()), name="docs-assets")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_PAGE)


def _assets() -> Path:
    # Found, not imported: its import brings a second way of making applications.
    package = find_spec("fastapi_offline")
    if package is None or not package.submodule_search_locations:
        raise CrmError("setup", "The package fastapi-offline is not installed; run `make install`.")
    return Path(package.submodule_search_locations[0]) / "static"

"""What MkDocs is told beside mkdocs.yml: the reference of settings lies in deploy/.

`deploy/environment.md` is a page of the site, and links from docs/ into deploy/ reach it.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
BROUGHT = ("deploy/environment.md", "deploy/concord.env.example")
OUTSIDE = re.compile(r"\]\(\.\./((?:\.\./)*deploy/)")
INSIDE = re.compile(r"\]\(\.\./docs/")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The files of docs/ and, beside them, those of deploy/ that it speaks of."""
    for name in BROUGHT:
        files.append(File.generated(config, name, content=(ROOT / name).read_text()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The text with links as the site has them: docs/ is its root, deploy/ a folder of it."""
    return INSIDE.sub("](../", OUTSIDE.sub(r"](\1", markdown))

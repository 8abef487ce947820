import pytest


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Each test has a folder of its own for the files that people bring."""
    settings.FILES_DIR = tmp_path / "files"

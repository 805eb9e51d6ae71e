"""One build of the bundle for every test of it."""

import zipfile
from pathlib import Path

import pytest

from infra.packaging import Bundle, build, this_machine
from tests.packaging.reading import Resource


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The bundle as for AWS, but with libraries that this machine can load."""
    return build(tmp_path_factory.mktemp("bundle"), architecture=this_machine())


@pytest.fixture(scope="session")
def unzipped(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The import path that Lambda gives a function: our code, then the layer of libraries."""
    home = tmp_path_factory.mktemp("unzipped")
    for archive in bundle.archives:
        with zipfile.ZipFile(archive) as content:
            content.extractall(home / archive.stem)
    layer = home / "layer-deployment" / "python" / "lib"
    return [home / "deployment", *layer.glob("python3.*/site-packages")]


@pytest.fixture(scope="session")
def resources(bundle: Bundle) -> dict[str, Resource]:
    content: dict[str, Resource] = bundle.template()["Resources"]
    return content

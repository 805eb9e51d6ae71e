"""Builds the bundle for AWS by `chalice package`: the template, our code, the layer of libraries.

python -m infra.packaging OUT_DIR [--stage dev] [--architecture arm64]
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DEPLOYED = ("app.py", "chalicelib", "requirements.txt", ".chalice")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "deployments", "deployed", "venv", "cli")
RESOURCES = ROOT / "infra" / "resources.yaml"
LOCK = ROOT / "requirements.lock"
# Chalice copies its own two run-time modules; as a requirement it would bring pip and setuptools.
BUILD_TIME_ONLY = ("chalice",)
ARCHITECTURES = {"aarch64": "arm64", "arm64": "arm64"}


class PackagingFailed(Exception):
    """`chalice package` gave up; the message is what it said."""


@dataclass(frozen=True)
class Bundle:
    """What a build leaves: a template and the two zip files that it names."""

    directory: Path

    @property
    def template_file(self) -> Path:
        return self.directory / "template.json"

    @property
    def archives(self) -> list[Path]:
        return [self.directory / "deployment.zip", self.directory / "layer-deployment.zip"]

    def template(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.template_file.read_text())
        return content


def build(out: Path, stage: str = "dev", architecture: str | None = None) -> Bundle:
    """Build the bundle into `out`; `architecture` overrides .chalice/config.json."""
    _check_stage(stage)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tierline-package-") as scratch:
        project = _copy_of_what_deploys(Path(scratch) / "project", architecture)
        _run_chalice(project, out, stage)
    bundle = Bundle(out)
    _write_template(bundle, stage)
    return bundle


def this_machine() -> str:
    """Name of this machine's processor as Lambda calls it."""
    return ARCHITECTURES.get(platform.machine(), "x86_64")


def _check_stage(stage: str) -> None:
    """To Chalice any name is a stage, one that nobody configured too."""
    known = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]
    if stage not in known:
        raise PackagingFailed(f"No stage {stage} in .chalice/config.json, only {', '.join(known)}.")


def _copy_of_what_deploys(project: Path, architecture: str | None) -> Path:
    """A copy, so that a build neither sees nor leaves anything in the working tree."""
    project.mkdir()
    for name in DEPLOYED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, project / name)
    _drop_build_time_requirements(project / "requirements.txt")
    if architecture:
        _change_architecture(project / ".chalice" / "config.json", architecture)
    return project


def _drop_build_time_requirements(file: Path) -> None:
    lines = file.read_text().splitlines()
    kept = [line for line in lines if line.split("==")[0].strip() not in BUILD_TIME_ONLY]
    file.write_text("\n".join(kept) + "\n")


def _change_architecture(file: Path, architecture: str) -> None:
    settings = json.loads(file.read_text())
    file.write_text(json.dumps({**settings, "lambda_architecture": architecture}))


def _run_chalice(project: Path, out: Path, stage: str) -> None:
    chalice = Path(sys.executable).parent / "chalice"
    result = subprocess.run(
        [chalice, "package", "--stage", stage, "--merge-template", RESOURCES, out.resolve()],
        check=False,
        cwd=project,
        env=_environment(),
        capture_output=True,
        text=True,
    )
    if result.returncode or not (out / "sam.yaml").exists():
        raise PackagingFailed(result.stdout + result.stderr)


def _environment() -> dict[str, str]:
    """Chalice wants a region though the template names none, and pip the locked versions."""
    constraint = {"PIP_CONSTRAINT": str(LOCK)} if LOCK.exists() else {}
    return {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, **constraint}


def _write_template(bundle: Bundle, stage: str) -> None:
    """As JSON: Chalice's YAML has aliases, which CloudFormation does not read."""
    merged = bundle.directory / "sam.yaml"
    template = yaml.safe_load(merged.read_text())
    template["Parameters"]["Stage"]["Default"] = stage
    bundle.template_file.write_text(json.dumps(template, indent=1) + "\n")
    merged.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m infra.packaging")
    parser.add_argument("out", type=Path)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--architecture", choices=["arm64", "x86_64"])
    options = parser.parse_args()
    try:
        bundle = build(options.out, options.stage, options.architecture)
    except PackagingFailed as failure:
        print(f"The bundle was not built:\n{failure}", file=sys.stderr)
        return 1
    for file in (bundle.template_file, *bundle.archives):
        print(f"{file}  {file.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

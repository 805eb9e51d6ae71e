"""Has checkov look at the bundle's template, as CloudFormation sees it after SAM's transform.

python -m infra.scan build/package CHECKOV
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.packaging import ROOT, Bundle

SETTINGS = ROOT / "infra" / "checkov.yaml"
REGION = "us-east-1"
TRANSFORM = "AWS::Serverless-2016-10-31"
CODE_LOCATIONS = ("CodeUri", "ContentUri")
ANYWHERE = "s3://bundles/code.zip"

Template = dict[str, Any]


def scan(bundle: Bundle, checkov: Path) -> int:
    """What checkov's exit code says: 0 when it found nothing that is not explained."""
    with tempfile.TemporaryDirectory(prefix="tierline-scan-") as home:
        file = Path(home) / "template.json"
        file.write_text(json.dumps(expanded(bundle.template()), indent=1))
        command = [str(checkov), "--config-file", str(SETTINGS), "--file", str(file)]
        return subprocess.run(command, check=False, cwd=home).returncode


def expanded(template: Template) -> Template:
    """The template with functions, event sources and the stage written out, as SAM does on AWS."""
    given = {name: one.get("Default", "") for name, one in template["Parameters"].items()}
    plain = {**template, "Transform": TRANSFORM}
    for resource in plain["Resources"].values():
        _place_code(resource.get("Properties", {}))
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    written: Template = translator.translate(plain, given | {"AWS::Region": REGION})
    return written


def _place_code(properties: dict[str, Any]) -> None:
    """SAM wants code to be in S3 already; a deploy puts it there."""
    properties |= {key: ANYWHERE for key in CODE_LOCATIONS if key in properties}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m infra.scan")
    parser.add_argument("bundle", type=Path, help="what infra.packaging built")
    parser.add_argument("checkov", type=Path, help="the program, in an environment of its own")
    options = parser.parse_args()
    return scan(Bundle(options.bundle), options.checkov.resolve())


if __name__ == "__main__":
    sys.exit(main())

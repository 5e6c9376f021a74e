"""A whole site, small enough to read: every output byte for byte."""

import os
import shutil
from pathlib import Path

from tests.conftest import TinySite

GOLDEN = Path(__file__).parent / "golden" / "site"


def test_the_golden_site_is_built_byte_for_byte(tmp_path: Path) -> None:
    root = tmp_path / "site"
    shutil.copytree(GOLDEN, root, ignore=shutil.ignore_patterns("expected"))
    site = TinySite(root, (GOLDEN / "site.toml").read_text(encoding="utf-8"))
    report = site.build()
    assert [str(problem) for problem in report.problems] == []
    outputs = site.outputs()
    expected = GOLDEN / "expected"
    if os.environ.get("UPDATE_GOLDEN"):
        shutil.rmtree(expected, ignore_errors=True)
        for path, content in outputs.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(content)
    golden = {
        path.relative_to(expected).as_posix(): path.read_bytes()
        for path in sorted(expected.rglob("*"))
        if path.is_file()
    }
    assert set(outputs) == set(golden)
    for path, content in golden.items():
        assert outputs[path].decode() == content.decode(), path

"""What a stranger installs: the wheel carries the themes and everything else a site needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """What a command prints; a failure shows both streams."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by pip alone."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, REPOSITORY, cwd=folder)
    (found,) = folder.glob("clarion-*.whl")
    return found


def test_the_wheel_carries_themes_data_and_nothing_of_the_repository(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        "generator/_themes/base/templates/atom.xml",
        "generator/_themes/base/locales/en.toml",
        "generator/_themes/clarion/theme.toml",
        "generator/_themes/plain/templates/article.html",
        "generator/share/targets.toml",
        "generator/py.typed",
    } <= set(names)
    assert {name.split("/")[0].split("-")[0] for name in names} == {"generator", "clarion"}


def test_installed_in_an_empty_folder_it_makes_and_builds_a_site(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    scripts = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    run(scripts / "clarion", "new", "site", "blog", cwd=tmp_path)
    said = run(scripts / "clarion", "build", cwd=tmp_path / "blog")
    assert said.startswith("Built 1 article")
    home = (tmp_path / "blog" / "output" / "index.html").read_text(encoding="utf-8")
    assert "<h1" in home
    assert list((tmp_path / "blog" / "output" / "assets").glob("style.*.css"))
    again = run(scripts / "clarion", "build", "--set", 'markdown.engine="commonmark"', cwd=tmp_path / "blog")
    assert again.startswith("Built 1 article")

"""What is installed is what the repository promises, and nothing else."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import hedgecheck
from hedgecheck import shipped
from hedgecheck.errors import HedgecheckError, InputError, ModelFileError
from hedgecheck.model_pins import read_sums
from hedgecheck.modelfile import verify

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(hedgecheck.__file__).resolve().parent
MAX_MODEL_BYTES = 12 * 10**6

# Where the name to import differs from the name to install.
DISTRIBUTIONS = {"sklearn": "scikit-learn"}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def build(kind: str, folder: Path) -> Path:
    # In a process of its own: the build backend works on the current folder.
    program = f"import sys, hatchling.build as b; print(b.build_{kind}(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with tarfile.open(build("sdist", tmp_path_factory.mktemp("sdist"))) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


# ---------------------------------------------------------------------------------- the wheel


def test_the_wheel_installs_one_package_and_its_metadata(wheel: dict[str, bytes]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert tops == {"hedgecheck", f"hedgecheck-{hedgecheck.__version__}.dist-info"}


def test_the_wheel_carries_every_module_and_data_file(wheel: dict[str, bytes]) -> None:
    for path in (ROOT / "hedgecheck").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert wheel[path.relative_to(ROOT).as_posix()] == path.read_bytes()
    assert "hedgecheck/py.typed" in wheel
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel) or any(
        name.endswith(".dist-info/LICENSE") for name in wheel
    )


@pytest.mark.parametrize("folder", ["models", "datasets"])
def test_the_wheel_carries_models_and_datasets_inside_the_package(
    wheel: dict[str, bytes], folder: str
) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert files
    for path in files:
        inside = f"hedgecheck/_data/{path.relative_to(ROOT).as_posix()}"
        assert wheel[inside] == path.read_bytes()


def test_the_wheel_carries_the_baselines_and_no_other_benchmark(wheel: dict[str, bytes]) -> None:
    inside = [name for name in wheel if name.startswith("hedgecheck/_data/benchmarks/")]
    assert inside == ["hedgecheck/_data/benchmarks/baselines.py"]
    assert wheel[inside[0]] == shipped.baselines_path().read_bytes()
    assert b"The MIT License" in wheel["hedgecheck/_data/lexicons/npm_hedges.txt"]


def test_the_shipped_model_is_in_the_wheel_with_its_sum(wheel: dict[str, bytes]) -> None:
    model = wheel["hedgecheck/_data/models/en.joblib"]
    sums = wheel["hedgecheck/_data/models/SHA256SUMS"].decode("ascii")
    assert f"{hashlib.sha256(model).hexdigest()}  en.joblib\n" in sums
    assert "hedgecheck/_data/datasets/sample-article.txt" in wheel


def test_the_command_is_installed(wheel: dict[str, bytes]) -> None:
    (entry_points,) = [name for name in wheel if name.endswith("entry_points.txt")]
    assert b"hedgecheck = hedgecheck.cli:main" in wheel[entry_points]


def test_the_source_distribution_is_complete(sdist: set[str]) -> None:
    wanted = {
        *("pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
        *(".ci/run", "hedgecheck/py.typed", "tests/conftest.py", "scripts/lower_bounds.py"),
        *("models/en.joblib", "models/SHA256SUMS", "datasets/sample-article.txt"),
    }
    assert wanted <= sdist


# ------------------------------------------------------------------------------- the models


def test_every_shipped_model_is_pinned_sound_and_small() -> None:
    folder = shipped.models_folder()
    models = shipped.shipped_models()
    assert "en" in models
    assert set(read_sums(folder)) == {f"{name}.joblib" for name in models}
    for name in models:
        found = verify(name)
        assert found.pinned
        assert found.size <= MAX_MODEL_BYTES


def test_every_shipped_model_has_a_card() -> None:
    for name in shipped.shipped_models():
        assert (shipped.models_folder() / f"{name}.md").is_file()


# ------------------------------------------------------------------------- finding the files


def test_names_and_paths_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "en").write_text("not the model")
    assert shipped.model_path("en") == shipped.models_folder() / "en.joblib"
    assert shipped.model_path("./en") == Path("en")
    assert shipped.model_path(Path("en")) == Path("en")
    assert shipped.model_path("en.joblib") == Path("en.joblib")
    with pytest.raises(ModelFileError, match=r"no model called 'de'.*en"):
        shipped.model_path("de")
    with pytest.raises(InputError, match="sample-article"):
        shipped.dataset_path("../README.md")


def test_a_folder_beside_an_installed_package_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site_packages = tmp_path / "site-packages"
    (site_packages / "hedgecheck").mkdir(parents=True)
    (site_packages / "models").mkdir()
    monkeypatch.setattr(shipped, "_PACKAGE", site_packages / "hedgecheck")
    with pytest.raises(HedgecheckError, match="reinstall"):
        shipped.models_folder()
    (site_packages / "pyproject.toml").touch()  # now it looks like the checkout
    assert shipped.models_folder() == site_packages / "models"
    inside = site_packages / "hedgecheck" / "_data" / "models"
    inside.mkdir(parents=True)
    assert shipped.models_folder() == inside


# --------------------------------------------------------------------------- the declarations


def test_the_version_is_the_same_everywhere(project: dict[str, Any]) -> None:
    assert "version" in project["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|rc\d+)?", hedgecheck.__version__)
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"## [{hedgecheck.__version__}]" in changelog


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"hedgecheck"}


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", requirement)[0] for requirement in requirements}


def test_what_is_imported_is_declared_and_what_is_declared_is_imported(
    project: dict[str, Any],
) -> None:
    imported = set().union(*(imports(path) for path in PACKAGE.rglob("*.py")))
    used = {DISTRIBUTIONS.get(name, name) for name in imported}
    plain = requirement_names(project["dependencies"])
    extras = project["optional-dependencies"]
    extra = {
        name
        for key, requirements in extras.items()
        if key not in {"test", "lint", "docs"}
        for name in requirement_names(requirements)
    }
    assert used <= plain | extra
    assert plain <= used


def test_every_dependency_has_a_plain_lower_bound(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    for requirement in [*project["dependencies"], *extras["test"]]:
        assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+", requirement)


def test_only_versions_of_python_that_were_run_are_claimed(project: dict[str, Any]) -> None:
    claimed = [text for text in project["classifiers"] if text.startswith("Programming Language")]
    assert claimed == ["Programming Language :: Python :: 3.11"]


@pytest.mark.parametrize("command", ["score", "test"])
def test_the_readme_marks_the_commands_that_continuous_integration_runs(command: str) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"<!-- command: {command} -->\n+```sh\n[^`]+\n```\n", readme)
    assert f"readme_command {command}" in (ROOT / ".ci" / "run").read_text("utf-8")

"""Which instances a main.cf names, held against `postmulti -l`.

postmulti(1) takes the primary instance from the default folder alone, so each question is asked where a
folder of ours stands in its place, in a mount namespace of its own.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.inputs.instances import further_instances, is_enabled
from advisor.settings.instance import Instance
from advisor.settings.release import Release

pytestmark = pytest.mark.postfix

_ETC = Path("/etc/postfix")
Listed = list[tuple[bool, Path]]


@pytest.fixture
def postmulti(tmp_path: Path) -> Callable[[], Listed]:
    """What `postmulti -l` says of the primary instance in `primary`: enabled, and the folder."""

    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no mount namespace")

    def ask() -> Listed:
        script = 'mount --bind "$0/primary" /etc/postfix && exec postmulti -l'
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, tmp_path],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        rows = [line.split() for line in done.stdout.splitlines()]
        return [(enabled == "y", Path(folder)) for _, _, enabled, folder in rows]

    return ask


def write(folder: Path, text: str) -> Path:
    folder.mkdir()
    own = f"queue_directory = {folder}/q\ndata_directory = {folder}/d\n"
    main_cf = folder / "main.cf"
    main_cf.write_text(f"compatibility_level = 3.6\n{own}{text}")
    # Of a file that has just been written, Postfix waits for the rest (dict_load_file_xt() in dict.c).
    os.utime(main_cf, (0, 0))
    (folder / "master.cf").write_text("")
    return folder


@pytest.mark.parametrize(
    "named",
    [
        "{b}",
        "{b}, {c}",
        "{b},{c}",
        "{c}\n  {b}\t",
        "{b} /etc/postfix",
        "{c},,{b} {c}",
        "$both",
        "{b}${{none?{c}}}",
    ],
)
def test_the_same_instances_are_found(tmp_path: Path, postmulti: Callable[[], Listed], named: str) -> None:
    b = write(tmp_path / "b", "multi_instance_name = postfix-b\nmulti_instance_enable = yes\n")
    c = write(tmp_path / "c", f"multi_instance_name = postfix-c\nmulti_instance_directories = {b}\n")
    text = f"both = {b} {c}\nmulti_instance_directories = {named.format(b=b, c=c)}\n"
    primary = write(tmp_path / "primary", text)
    listed = [each for each in dict.fromkeys(postmulti()) if each[1] != _ETC]
    release = Release.parse("3.7.11")
    further = further_instances(Instance.read(primary, release, ""), primary, is_own=True)
    folders = [each.folder for each in further if each.folder and each.folder != _ETC]
    assert [(is_enabled(Instance.read(each, release, "")), each) for each in folders] == listed


def test_a_folder_without_main_cf_ends_postmulti(tmp_path: Path, postmulti: Callable[[], Listed]) -> None:
    write(tmp_path / "primary", f"multi_instance_directories = {tmp_path}/none\n")
    with pytest.raises(subprocess.CalledProcessError):
        postmulti()


@pytest.mark.parametrize("name", ["queue_directory", "data_directory", "multi_instance_name"])
def test_what_two_instances_must_not_share(
    tmp_path: Path, postmulti: Callable[[], Listed], name: str
) -> None:
    shared = f"{name} = {tmp_path if name.endswith('directory') else 'postfix-x'}\n"
    b = write(tmp_path / "b", shared)
    write(tmp_path / "primary", f"{shared}multi_instance_directories = {b}\n")
    with pytest.raises(subprocess.CalledProcessError):
        postmulti()

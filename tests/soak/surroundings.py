"""Starts the program where something is missing: it starts, works, says so, and closes.

python3 dev.py soak surroundings [NAME …]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tests.soak import programs

NO_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all")
"""Root without what lets it write everywhere."""


class Skipped(Exception):
    """It cannot be tried here."""


@contextmanager
def usual(folder):
    yield programs.surroundings(folder), ()


@contextmanager
def disk_full(folder):
    """A disk of a few kilobytes that is full."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(disk)], capture_output=True
    )
    if mounted.returncode:
        yield programs.surroundings(folder), ("prlimit", "--fsize=0")
        return
    try:
        environment = programs.surroundings(disk)
        with suppress(OSError), (disk / "filled").open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 1024)
        yield environment, ()
    finally:
        time.sleep(0.2)
        subprocess.run(["umount", "-l", str(disk)], check=False)


@contextmanager
def files_without_room(folder):
    """No file may grow at all."""
    yield programs.surroundings(folder), ("prlimit", "--fsize=0")


@contextmanager
def read_only(folder):
    """Folders in which nothing can be written."""
    environment = programs.surroundings(folder)
    for name in ("config", "data"):
        (folder / name).mkdir()
        (folder / name).chmod(0o555)
    folder.chmod(0o555)
    try:
        yield environment, rights()
    finally:
        for each in (folder, folder / "config", folder / "data"):
            each.chmod(0o755)


@contextmanager
def no_permission(folder):
    """Settings, data and the log belong to somebody else."""
    environment = programs.surroundings(folder)
    settings, data = programs.settings_of(folder), programs.data_of(folder)
    for each in (settings.parent, data):
        each.mkdir(parents=True)
    settings.write_text("[General]\ntheme=light\n")
    made = (settings, data / "drawings.npz", data / "chainrule.log")
    for each in made:
        each.touch()
        each.chmod(0)
    yield environment, rights()


@contextmanager
def read_only_settings(folder):
    """A settings file that can be read only."""
    environment = programs.surroundings(folder)
    settings = programs.settings_of(folder)
    settings.parent.mkdir(parents=True)
    settings.write_text("[General]\ntheme=light\n")
    settings.chmod(0o444)
    settings.parent.chmod(0o555)
    yield environment, rights()
    settings.parent.chmod(0o755)


@contextmanager
def pipes(folder):
    """Pipes where the settings, the drawings and the log should be."""
    environment = programs.surroundings(folder)
    settings, data = programs.settings_of(folder), programs.data_of(folder)
    for each in (settings.parent, data):
        each.mkdir(parents=True)
    for each in (settings, data / "chainrule.log"):
        os.mkfifo(each)
    yield environment, ()


@contextmanager
def folders(folder):
    """Folders where the settings, the drawings and the log should be."""
    environment = programs.surroundings(folder)
    for each in (
        programs.settings_of(folder),
        programs.data_of(folder) / "drawings.npz",
        programs.data_of(folder) / "chainrule.log",
    ):
        each.mkdir(parents=True)
    yield environment, ()


def without_places(folder, **home):
    environment = programs.surroundings(folder, **home)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        if name not in home:
            del environment[name]
    return environment


@contextmanager
def no_home(folder):
    """HOME is unset; what is kept goes where this says all the same."""
    environment = programs.surroundings(folder)
    del environment["HOME"]
    yield environment, ()


@contextmanager
def home_missing(folder):
    yield without_places(folder, HOME=str(folder / "nowhere" / "at all")), rights()


@contextmanager
def home_a_file(folder):
    (folder / "file").write_text("")
    yield without_places(folder, HOME=str(folder / "file")), ()


@contextmanager
def no_shared_memory(folder):
    """No /dev/shm."""
    enter = ("unshare", "--mount", "sh", "-c", 'umount -l /dev/shm && exec "$@"', "sh")
    tried = subprocess.run([*enter, "true"], capture_output=True)
    if tried.returncode:
        raise Skipped
    yield programs.surroundings(folder), enter


@contextmanager
def cores_taken(folder):
    """Every core has something else to do."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield programs.surroundings(folder), ()
    finally:
        for each in busy:
            each.kill()
            each.wait()


def rights():
    """Return what takes root's rights away, where it is root that runs this."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which("setpriv"):
        raise Skipped
    return NO_RIGHTS


CASES = {
    case.__name__: (case, says)
    for case, says in (
        (usual, ""),
        (disk_full, "kept"),
        (files_without_room, "kept"),
        (read_only, "kept"),
        (no_permission, "kept"),
        (read_only_settings, "kept"),
        (pipes, "not used"),
        (folders, "not used"),
        (no_home, ""),
        (home_missing, ""),
        (home_a_file, "kept"),
        (no_shared_memory, ""),
        (cores_taken, ""),
    )
}


def tried(name):
    """Return what was wrong in a case; None where it cannot be tried here."""
    case, says = CASES[name]
    with tempfile.TemporaryDirectory() as kept, ExitStack() as stack:
        folder = Path(kept) / name
        folder.mkdir()
        try:
            environment, before = stack.enter_context(case(folder))
        except Skipped:
            return None
        command = [*before, sys.executable, "-m", "tests.soak.driver", "at work"]
        process = subprocess.Popen(
            command,
            cwd=programs.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        with programs.killed_at_last(process):
            try:
                said, _ = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                return ["it does not end"]
            status = process.returncode
        faults = [] if status == 0 else [f"exit status {status}"]
        if programs.left_of(process):
            faults.append("processes left")
        if "worked" not in said:
            faults.append("it does not train")
        if "Traceback" in said or "went wrong" in said:
            faults.append("an error was told")
        if says not in said:
            faults.append(f"it does not say '{says}'")
        if faults:
            print(said[-2000:], programs.log_of(folder)[-1500:])
        return faults


def main():
    names = sys.argv[1:] or list(CASES)
    wrong = 0
    for name in names:
        faults = tried(name)
        wrong += bool(faults)
        verdict = "cannot be tried here" if faults is None else ", ".join(faults) or "good"
        print(f"{name.replace('_', ' ')}: {verdict}", flush=True)
    print(f"{len(names)} surroundings, {wrong} with faults")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())

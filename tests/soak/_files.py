"""Files that a class has lying about: good ones, wrong ones and damaged ones."""

import os
import zlib

import numpy as np
from PIL import Image

from engine.recipes import RECIPES
from engine.training import Training
from engine.training_file import SavedTraining, save_training

ROWS = "height,weight,kind\n" + "".join(
    f"{150 + i % 50},{50 + i * 7 % 40},{'ab'[i % 2]}\n" for i in range(120)
)


def make_files(folder):
    """Fill a folder; return the paths of all its files, and of places to save in."""
    folder.mkdir(parents=True, exist_ok=True)
    _tables(folder)
    _pictures(folder)
    _trainings(folder)
    (folder / "folder.csv").mkdir(exist_ok=True)
    if hasattr(os, "mkfifo") and not (folder / "pipe.csv").exists():
        os.mkfifo(folder / "pipe.csv")
    found = sorted(str(each) for each in folder.iterdir())
    return [*found, str(folder / "not-there.csv"), str(folder / "not-there.chainrule")]


def places(folder):
    """Return where one may try to save: good places and bad ones; "" is Cancel."""
    names = ("one.chainrule", "two.chainrule", "film.gif", "a.png", "b.svg", "c.csv", "d.npz", "e")
    bad = ("/nowhere/x.chainrule", "/proc/x.png", str(folder), str(folder / ("n" * 300 + ".png")))
    return [str(folder / each) for each in names] + [*bad, "", "", ""]


def _tables(folder):
    texts = {
        "good.csv": ROWS,
        "numbers.tsv": ROWS.replace(",", "\t").replace("a\n", "1.5\n").replace("b\n", "-3\n"),
        "one-column.csv": "x\n" + "1\n2\n" * 30,
        "one-row.csv": "a,b\n1,2\n",
        "empty.csv": "",
        "ragged.csv": "a,b,c\n1,2\n1,2,3,4\n\n5,,\n" * 20,
        "same-names.csv": ",".join(["n"] * 40) + "\n" + (",".join(["1"] * 40) + "\n") * 20,
        "words.txt": "Once upon a time there was a network.\n" * 30,
        "one-line.txt": "word " * 3000,
        "wide.csv": ",".join(f"c{i}" for i in range(300)) + "\n" + ("1," * 299 + "2\n") * 12,
        "nan.csv": "a,b\n" + "nan,1\ninf,2\n-inf,3\n1e308,4\n" * 10,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "utf16.csv").write_bytes(ROWS.encode("utf-16"))
    (folder / "zeros.csv").write_bytes(bytes(5000))
    (folder / "noise.csv").write_bytes(np.random.default_rng(0).bytes(5000))


def _pictures(folder):
    gray = np.full((40, 30), 255, np.uint8)
    gray[5:35, 12:17] = 0
    Image.fromarray(gray).save(folder / "one.png")
    Image.fromarray(np.dstack([gray] * 3)).resize((900, 700)).save(folder / "large.jpg")
    Image.fromarray(gray[:1, :1]).save(folder / "dot.png")
    whole = (folder / "one.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "text.png").write_text("no picture")
    (folder / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")


def _trainings(folder):
    recipes = [recipe for group in RECIPES for recipe in group]
    for name, recipe in (("first", recipes[0]), ("last", recipes[-1])):
        training = Training(recipe.experiment)
        save_training(folder / f"{name}.chainrule", SavedTraining.of(training))
    whole = (folder / "first.chainrule").read_bytes()
    (folder / "cut.chainrule").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[len(whole) // 3] ^= 0xFF
    (folder / "flipped.chainrule").write_bytes(flipped)
    (folder / "text.chainrule").write_text("no training")
    (folder / "packed.npz").write_bytes(zlib.compress(whole))
    np.savez(folder / "arrays.npz", strokes=np.zeros((3, 2)), labels=np.arange(3))
    (folder / "empty.chainrule").write_bytes(b"")

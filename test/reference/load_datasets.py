"""Loads what `mien dataset convert` wrote with the frameworks' own loaders: python load_datasets.py FORM FOLDER NAME.

Prints one JSON line: {"loader": ..., "rows": ..., "first": ...}. Exit 77: the framework cannot be had here.
"""

import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")


def llamafactory(folder, name):
    from llamafactory.data.converter import align_dataset
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list
    from llamafactory.hparams import DataArguments, ModelArguments

    class Training:
        should_log = False
        local_process_index = 0
        seed = 0

    data = DataArguments(dataset=name, dataset_dir=folder, preprocessing_num_workers=None)
    (attributes,) = get_dataset_list([name], folder)
    rows = _load_single_dataset(attributes, ModelArguments(model_name_or_path="none"), data, Training())
    first = rows[0]
    return "llamafactory.data.loader", rows, {"prompt": first["_prompt"], "answer": first["_response"], "image": first["_images"][0]}


def swift(folder, name):
    from swift.dataset import load_dataset

    rows, _ = load_dataset([os.path.join(folder, name)], split_dataset_ratio=0, num_proc=1, remove_unused_columns=False)  # as its GRPO loads
    first = rows[0]
    image = first["images"][0]
    return "swift.dataset.load_dataset", rows, {"messages": first["messages"], "solution": first["solution"], "image": image["path"] if isinstance(image, dict) else image}


def trl(folder, name):
    from datasets import Image, Sequence, load_dataset
    from trl.data_utils import is_conversational, prepare_multimodal_messages

    rows = load_dataset("json", data_files=os.path.join(folder, name), split="train").cast_column("images", Sequence(Image()))
    first = rows[0]
    assert is_conversational(first)
    prompt = [dict(message) for message in first["prompt"]]
    prepare_multimodal_messages(prompt, num_images=len(first["images"]))
    return "datasets + trl.data_utils", rows, {"prompt": prompt, "solution": first["solution"], "size": first["images"][0].size}


def llava(folder, name):
    """LLaVA has no package; its script takes json.load, `image` below a folder, and conversations that begin with human."""
    rows = json.load(open(os.path.join(folder, name)))
    first = rows[0]
    roles = [turn["from"] for turn in first["conversations"]]
    assert roles == ["human", "gpt"] and first["conversations"][0]["value"].count("<image>") == 1
    return "json.load", rows, first


try:
    loader, rows, first = {"llamafactory": llamafactory, "swift": swift, "trl": trl, "llava": llava}[sys.argv[1]](sys.argv[2], sys.argv[3])
except ImportError as error:
    print(f"not here: {error}", file=sys.stderr)
    sys.exit(77)
print(json.dumps({"loader": loader, "rows": len(rows), "first": first}))

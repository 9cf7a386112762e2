"""Colours and type of Gradio's own components; everything else is in ``rag/data/ui*.css``.

Fonts are named as plain strings: Gradio's font objects would fetch them from elsewhere.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.themes.utils import colors, sizes

SANS = ("Source Sans 3", "system-ui", "sans-serif")
MONO = ("ui-monospace", "monospace")


def page_theme() -> gr.themes.Base:
    """Paper, ink and one blue."""
    theme = gr.themes.Base(
        primary_hue=colors.blue,
        neutral_hue=colors.stone,
        text_size=sizes.text_md,
        radius_size=sizes.radius_sm,
        font=[gr.themes.Font(name) for name in SANS],
        font_mono=[gr.themes.Font(name) for name in MONO],
    )
    return theme.set(**_values())


def _values() -> dict[str, Any]:
    # light, dark
    pairs = {
        "body_background_fill": ("#faf8f4", "#16181b"),
        "body_text_color": ("#1c1b19", "#e9e6e0"),
        "body_text_color_subdued": ("#5f5a52", "#a8a39a"),
        "background_fill_primary": ("#ffffff", "#1d2024"),
        "background_fill_secondary": ("#f3f0ea", "#24282d"),
        "block_background_fill": ("#ffffff", "#1d2024"),
        "block_border_color": ("#ddd7cc", "#383d44"),
        "block_label_text_color": ("#5f5a52", "#b5b0a6"),
        "block_title_text_color": ("#1c1b19", "#e9e6e0"),
        "block_info_text_color": ("#5f5a52", "#a8a39a"),
        "border_color_primary": ("#ddd7cc", "#383d44"),
        "border_color_accent": ("#17506f", "#8cc4e3"),
        "color_accent": ("#17506f", None),
        "input_background_fill": ("#ffffff", "#1d2024"),
        "input_border_color": ("#8f887c", "#6d727a"),
        "input_border_color_focus": ("#17506f", "#8cc4e3"),
        "input_placeholder_color": ("#6b655c", "#9b968d"),
        "button_primary_background_fill": ("#17506f", "#8cc4e3"),
        "button_primary_background_fill_hover": ("#0f3b54", "#a9d6ee"),
        "button_primary_text_color": ("#ffffff", "#10171c"),
        "button_secondary_background_fill": ("#ffffff", "#24282d"),
        "button_secondary_background_fill_hover": ("#f3f0ea", "#2e333a"),
        "button_secondary_border_color": ("#b9b2a5", "#4b5159"),
        "button_secondary_text_color": ("#1c1b19", "#e9e6e0"),
        "link_text_color": ("#17506f", "#8cc4e3"),
    }
    values: dict[str, Any] = {
        "block_shadow": "none",
        "block_border_width": "0px",
        "button_primary_shadow": "none",
        "input_border_width": "1px",
        "layout_gap": "1rem",
    }
    for name, (light, dark) in pairs.items():
        values[name] = light
        if dark is not None:
            values[f"{name}_dark"] = dark
    return values

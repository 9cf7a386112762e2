"""The page: layout and thin callbacks over ``rag.pipeline``; no business rule lives here.

The seam between the page and its views
---------------------------------------
``app.build_app(deps)`` makes one Gradio page per interface language (mounted at ``/de`` and
``/en``; ``/`` redirects by cookie, then by the browser's language) and in each one tab per module
of ``rag.ui.views`` listed in ``app.VIEWS``. A view module has one function::

    def build(context: ViewContext, tab: gr.Tab) -> None

called inside ``with tab:``, once per language. It lays out components and binds callbacks. From
``context`` it takes

- ``say(key, *values)``: its texts, in the page's language, from ``rag/data/ui_texts*.yaml`` (all
  files with that name are read; a key is ``section.name``, and a view keeps to its own section),
- ``library``: ``library.deps`` for ``pipeline`` calls that read, ``with library.writing() as
  deps`` for those that write (one at a time; raises ``StoreLockedError`` where another process
  writes), ``library.sample`` for the sample corpus,
- ``filters``: the ``gr.State`` with the session's ``Filters``; whoever sets it narrows the chat
  and every other view; ``Filters.question(text)`` makes the ``Question``,
- ``gate``: ``with gate.turn():`` around anything that computes, so that too many at once are told
  so (``BusyError``) instead of waiting unseen,
- ``page``: the ``gr.Blocks``, for ``page.load``.

What never changes hands: per-session values live in ``gr.State`` or ``gr.BrowserState`` only.
Callbacks are wrapped in ``errors.told(context.say)``, which turns an expected failure into one
clear sentence. HTML is made with ``markup`` only (``gr.HTML`` sanitises nothing) and styled in
``rag/data/ui*.css`` (all files are served, in order of their names). Any element with
``data-open`` made by ``markup.opener`` opens the source drawer with that quote marked; any with
``data-goto="collection"`` goes to that tab; both work in every view without wiring.

Events of the page itself pass ``api_visibility="private"``; what is meant for ``gradio_client``
is named and documented (``docs/api.md``).
"""

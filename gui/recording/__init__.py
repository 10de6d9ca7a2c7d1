"""Recording the training as an animated GIF or a video.

While it is recorded, nothing is painted: the frames are read-only states anyway, and are kept
with how they were looked at (``recorder``, ``film``). The pictures are painted afterwards, at
the size and in the colours that are wished for then (``saving``, ``projector``), and encoded in
a thread of their own (``encoding``, ``gif``, ``mp4``; no Qt in these). ``control`` joins it to
the window.
"""

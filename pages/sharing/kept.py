"""Images drawn lately, kept in memory: whoever has a link in a busy chat asks for the same one again and again.

Not on disk: an image shows words that the law may have us withhold, and a file would have to be found again.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock

from pages.sharing.drawing import draw
from pages.sharing.face import Face

# Bytes: some 400 images in each web process.
CAPACITY = 16 * 1024 * 1024
# Requests that wait while one image is drawn (a tenth of a second); others are to answer readers meanwhile.
MOST_WAITING = 3
# Seconds.
PATIENCE = 3.0


class Busy(Exception):
    """Too many different images are wanted at once; a little later there is time."""


class Images:
    """Draws each face once, one at a time; the least lately used image leaves when `capacity` is passed."""

    def __init__(self, drawn: Callable[[Face], bytes] = draw, capacity: int = CAPACITY) -> None:
        self.drawn = drawn
        self.capacity = capacity
        self.size = 0
        self._images: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self._pencil = Lock()
        self._places = BoundedSemaphore(MOST_WAITING + 1)

    def of(self, face: Face) -> bytes:
        """Raises Busy."""
        name = f"{face.public_id} {face.language} {face.digest}"
        kept = self._kept(name)
        if kept is not None:
            return kept
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._pencil.acquire(timeout=PATIENCE):
                raise Busy
            try:
                return self._kept(name) or self._keep(name, self.drawn(face))
            finally:
                self._pencil.release()
        finally:
            self._places.release()

    def _kept(self, name: str) -> bytes | None:
        with self._lock:
            if name in self._images:
                self._images.move_to_end(name)
            return self._images.get(name)

    def _keep(self, name: str, image: bytes) -> bytes:
        with self._lock:
            self._images[name] = image
            self.size += len(image)
            while self.size > self.capacity and len(self._images) > 1:
                self.size -= len(self._images.popitem(last=False)[1])
        return image


images = Images()

"""Loaded by pytest before Django reads its settings: nothing of the caller's environment reaches the tests.

`script/test` starts throw-away services and names them in TEST_DATABASE_URL and TEST_REDIS_URL.
"""

import atexit
import os
import shutil
import sys
import tempfile

from claimtrack.env import SETTINGS

_REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:1/0")
_DATABASE = os.environ.get("TEST_DATABASE_URL", "")

if not _DATABASE:
    sys.exit("Tests need a database: run script/test, or set TEST_DATABASE_URL (and TEST_REDIS_URL).")

for _setting in SETTINGS:
    os.environ.pop(_setting.name, None)

if "CLAIMTRACK_TEST_DATA_DIR" not in os.environ:
    os.environ["CLAIMTRACK_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="claimtrack-test-")
    atexit.register(shutil.rmtree, os.environ["CLAIMTRACK_TEST_DATA_DIR"], ignore_errors=True)

# Whitenoise warns of a static root that is not there.
os.makedirs(os.path.join(os.environ["CLAIMTRACK_TEST_DATA_DIR"], "static"), exist_ok=True)

os.environ.update(
    DATABASE_URL=_DATABASE,
    REDIS_URL=_REDIS,
    SECRET_KEY="only-for-tests-" + "x" * 40,
    CLAIMTRACK_DATA_DIR=os.environ["CLAIMTRACK_TEST_DATA_DIR"],
    CLAIMTRACK_DEMO="0",
    SITE_URL="http://testserver",
    # A suite asks more in a minute than any client; the tests of the limits set their own.
    CLAIMTRACK_RATE_ANONYMOUS="0",
    CLAIMTRACK_RATE_KEY="0",
)

"""What the public is told of an act that can be undone: nothing, until it no longer can."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bihuan.cases.actions import undoing
from bihuan.cases.models import UndoableAct
from bihuan.core.undoing import WITHIN
from bihuan.hazards.actions import reporting
from bihuan.receipts.actions import public
from bihuan.receipts.actions.delivery import News, deliver_due
from bihuan.receipts.models import Delivery, Message
from tests.factories import NOW
from tests.hazards.district import District, make_district
from tests.hazards.test_public import taken

"""A consumer written for PgQ. It keeps what it gets, and retries an event that asks for it."""
import sys

import pgq


class Collector(pgq.Consumer):
    def process_event(self, db, event):
        if event.ev_data == "again" and not event.retry:
            event.tag_retry(0)
            return
        db.cursor().execute(
            "insert into got values (%s, %s, %s)", [event.ev_type, event.ev_data, event.ev_extra1])


Collector("collector", "db", sys.argv[1:]).start()
